/** What draws the attention of a customer who looks elsewhere: title, sound, notification. */

import type { Message } from "../chat/messages";
import { fill, type Texts } from "../texts";
import { speakerName } from "./message-view";

const SOUND = "attune-sound";
const NOTIFICATIONS = "attune-notifications";
const COUNT_IN_TITLE = /^\(\d+\) /;

/** Sound and notifications are off until the customer asks for them. */
export class Attention {
  readonly #texts: Texts;
  #audio: AudioContext | null = null;
  readonly #onPress: () => void;

  constructor(texts: Texts, onPress: () => void) {
    this.#texts = texts;
    this.#onPress = onPress;
  }

  get sound(): boolean {
    return stored(SOUND);
  }

  set sound(on: boolean) {
    store(SOUND, on);
    if (on) this.#chime(); // so that the customer knows it, and the browser has seen a press
  }

  get notifications(): boolean {
    return stored(NOTIFICATIONS) && "Notification" in window && Notification.permission === "granted";
  }

  /** Asks the browser, which asks the customer; says whether notifications are on now. */
  async setNotifications(on: boolean): Promise<boolean> {
    const granted = on && "Notification" in window && (await Notification.requestPermission()) === "granted";
    store(NOTIFICATIONS, granted);
    return granted;
  }

  /** Puts the number of unread messages before the page's title. */
  count(unread: number): void {
    const plain = document.title.replace(COUNT_IN_TITLE, "");
    const wanted = unread ? `(${unread}) ${plain}` : plain;
    if (document.title !== wanted && (unread || COUNT_IN_TITLE.test(document.title))) document.title = wanted;
  }

  call(message: Message): void {
    if (this.sound) this.#chime();
    if (!this.notifications || !document.hidden) return;
    const title = fill(this.#texts.newMessageFrom, { name: speakerName(message, this.#texts) });
    try {
      const notification = new Notification(title, { body: message.text || (message.files[0]?.name ?? ""), tag: message.id });
      notification.onclick = () => { window.focus(); this.#onPress(); notification.close(); };
    } catch {
      // Chrome on Android shows them from service workers only; the badge and the sound remain.
    }
  }

  /** Two soft tones; made here, so that nothing has to be fetched. */
  #chime(): void {
    this.#audio ??= new AudioContext();
    const start = this.#audio.currentTime;
    [660, 880].forEach((pitch, index) => { this.#tone(pitch, start + index * 0.12); });
  }

  #tone(pitch: number, start: number): void {
    if (!this.#audio) return;
    const tone = this.#audio.createOscillator();
    const volume = this.#audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.08, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.35);
    tone.connect(volume).connect(this.#audio.destination);
    tone.start(start);
    tone.stop(start + 0.4);
  }
}

function stored(key: string): boolean {
  try {
    return localStorage.getItem(key) === "on";
  } catch {
    return false;
  }
}

function store(key: string, on: boolean): void {
  try {
    localStorage.setItem(key, on ? "on" : "off");
  } catch {
    // storage is blocked: the choice is forgotten with the page
  }
}
