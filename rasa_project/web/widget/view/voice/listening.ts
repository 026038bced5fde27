/** What the browser understands of what is said, where it can listen beside a recording. */

interface Result {
  readonly 0: { readonly transcript: string };
}

interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  start(): void;
  stop(): void;
  abort(): void;
}

type Browser = Partial<Record<"SpeechRecognition" | "webkitSpeechRecognition", new () => Recognition>>;

/** Some browsers finish the last words after the end; longer nobody waits. */
const LAST_WORDS_MS = 1_500;
/** There one program alone gets the microphone, and the sound is worth more. */
const ONE_AT_A_TIME = /Android|iPhone|iPad/;

export class Listening {
  readonly #recognition: Recognition;
  readonly #over: Promise<unknown>;
  #text = "";

  /** Begins, or gives null where the browser has nothing of the kind. */
  static begin(language: string, heard: (text: string) => void): Listening | null {
    const browser = window as unknown as Browser;
    const Kind = browser.SpeechRecognition ?? browser.webkitSpeechRecognition;
    if (!Kind || ONE_AT_A_TIME.test(navigator.userAgent)) return null;
    try {
      return new Listening(new Kind(), language, heard);
    } catch {
      return null;
    }
  }

  private constructor(recognition: Recognition, language: string, heard: (text: string) => void) {
    this.#recognition = recognition;
    recognition.lang = spoken(language);
    recognition.continuous = recognition.interimResults = true;
    recognition.addEventListener("result", (event) => {
      const { results } = event as Event & { results: Iterable<Result> };
      this.#text = Array.from(results, (result) => result[0].transcript).join("").trim();
      heard(this.#text);
    });
    this.#over = new Promise((resolve) => { recognition.addEventListener("end", resolve); });
    recognition.start();
  }

  /** Ends it; `finish` waits for the last words. */
  async end(finish: boolean): Promise<string> {
    try {
      this.#recognition[finish ? "stop" : "abort"]();
      if (finish) await Promise.race([this.#over, new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS))]);
    } catch {
      // it had ended by itself
    }
    return this.#text;
  }
}

/** The browser's own kind of a language, such as British English. */
function spoken(language: string): string {
  const own = navigator.languages.find((each) => each.toLowerCase().startsWith(language.slice(0, 2)));
  return own ?? (language === "zh" ? "zh-CN" : language);
}
