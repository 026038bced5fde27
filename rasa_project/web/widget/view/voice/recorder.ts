/** Records a voice note, and has the browser write down what is said where it can. */

import { fill, type Texts } from "../../texts";
import { element, iconButton, ICONS } from "../dom";
import { Listening } from "./listening";

/** What is asked for, and who is told. */
export interface Recording {
  /** In which the customer is taken to speak. */
  language: string;
  /** Extensions that the server takes, such as ".weba,.ogg". */
  accept: string;
  maxBytes: number;
  transcript: boolean;
  /** The customer is done: the note, and what the browser understood. */
  done(file: File, text: string): void;
  /** Nothing comes of it; why, in words, where it was not the customer's wish. */
  gone(problem: string): void;
}

const LONGEST_SECONDS = 300;
const BITS_PER_SECOND = 32_000;
/** As browsers write them, the extension behind. */
const KINDS = [["audio/webm;codecs=opus", ".weba"], ["audio/ogg;codecs=opus", ".ogg"], ["audio/mp4", ".m4a"]] as const;
const DONE = "M9.6 16.6 5 12l-1.4 1.4 6 6L20.4 8.6 19 7.2z";

export class Recorder {
  readonly root: HTMLElement;
  readonly #texts: Texts;
  readonly #recording: Recording;
  readonly #recorder: MediaRecorder;
  readonly #listening: Listening | null;
  readonly #extension: string;
  readonly #time: HTMLElement;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #chunks: Blob[] = [];
  readonly #began = performance.now();
  #wanted = true;

  /** Records at once; null where the customer or the browser will not have it. */
  static async begin(texts: Texts, recording: Recording): Promise<HTMLElement | null> {
    try {
      const kind = KINDS.find(([type, end]) => MediaRecorder.isTypeSupported(type) && recording.accept.split(",").includes(end));
      if (!kind) throw new TypeError();
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const recorder = new MediaRecorder(stream, { mimeType: kind[0], audioBitsPerSecond: BITS_PER_SECOND });
      return new Recorder(texts, recording, recorder, kind[1]).root;
    } catch (error) {
      const { name } = error as Error;
      const denied = name === "NotAllowedError" || name === "SecurityError";
      recording.gone(denied ? texts.micDenied : name === "NotFoundError" ? texts.micMissing : texts.micFailed);
      return null;
    }
  }

  private constructor(texts: Texts, recording: Recording, recorder: MediaRecorder, extension: string) {
    this.#texts = texts;
    this.#recording = recording;
    this.#recorder = recorder;
    this.#extension = extension;
    const words = element("span", "record-words", { "aria-hidden": "true" });
    this.#listening = recording.transcript ? Listening.begin(recording.language, (text) => { words.textContent = text; }) : null;
    this.#time = element("span", "record-time", { role: "timer", "aria-label": texts.recording });
    const done = iconButton("send ready", texts.recordDone, DONE, () => { this.#stop(true); });
    this.root = element(
      "div", "box recorder", { role: "group", "aria-label": texts.recording },
      iconButton("tool", texts.recordCancel, ICONS.close, () => { this.#stop(false); }),
      element("i", "record-dot"), this.#time, words, done,
      element("span", "unseen", { role: "status" }, texts.recording),
    );
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation(); // the chat stays open
      this.#stop(false);
    });
    recorder.ondataavailable = ({ data }) => { this.#chunks.push(data); };
    recorder.onstop = () => void this.#ended();
    // The browser took the microphone away: what there is may still be sent.
    recorder.stream.getAudioTracks()[0]?.addEventListener("ended", () => { this.#stop(true); });
    this.#timer = setInterval(() => { this.#tick(); }, 200);
    this.#tick();
    recorder.start(1000);
  }

  get #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  #tick(): void {
    const whole = Math.floor(this.#seconds);
    this.#time.textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    const longest = Math.min(LONGEST_SECONDS, (this.#recording.maxBytes * 6) / BITS_PER_SECOND);
    // The chat was taken out of the page: nobody sees any more that the microphone listens.
    if (whole && !this.root.isConnected) this.#stop(false);
    else if (whole >= longest) this.#stop(true);
  }

  #stop(wanted: boolean): void {
    if (this.#recorder.state === "inactive") return;
    this.#wanted = wanted;
    this.#recorder.stop();
  }

  async #ended(): Promise<void> {
    const seconds = Math.max(1, Math.round(this.#seconds));
    clearInterval(this.#timer);
    for (const track of this.#recorder.stream.getTracks()) track.stop();
    const text = (await this.#listening?.end(this.#wanted)) ?? "";
    const name = fill(this.#texts.voiceName, { seconds }) + this.#extension;
    const file = new File(this.#chunks, name, { type: this.#recorder.mimeType });
    if (!this.#wanted) this.#recording.gone("");
    else if (file.size) this.#recording.done(file, text);
    else this.#recording.gone(this.#texts.micFailed);
  }
}
