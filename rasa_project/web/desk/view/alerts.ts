import type { Happening } from "../data/happenings";
import type { Ticket } from "../data/types";
import type { Texts } from "../texts";
import { button, drawing } from "./dom";

const KEY = "attune-desk-alerts";
/** Hertz: two rising notes for somebody new, one for a message. */
const NOTES: Record<Happening, number[]> = { arrived: [660, 880], handed: [660, 880], wrote: [740] };

/** Sound and browser notifications: asked for on a click, remembered, and quiet when turned off. */
export class Alerts {
  readonly element: HTMLButtonElement;
  private on = localStorage.getItem(KEY) === "on";
  private audio: AudioContext | null = null;
  // Browsers let a page sound only after somebody did something on it.
  private readonly unlock = () => {
    if (this.on) void this.context()?.resume();
  };

  constructor(
    private readonly texts: Texts,
    private readonly onOpen: (id: number) => void,
    private readonly onRefused: (sentence: string) => void,
  ) {
    this.element = button("quiet alerts", "", () => void this.toggle());
    const bell = "M8 1.5a4.2 4.2 0 0 0-4.2 4.2c0 4-1.6 5.3-1.6 5.3h11.6s-1.6-1.3-1.6-5.3A4.2 4.2 0 0 0 8 1.5ZM6.4 13a1.7 1.7 0 0 0 3.2 0";
    const icon = drawing("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", class: "bell" }, drawing("path", { d: bell }), drawing("path", { d: "M2 1.5 14 14.5", class: "stroke" }));
    this.element.append(icon);
    document.addEventListener("pointerdown", this.unlock);
    document.addEventListener("keydown", this.unlock);
    this.draw();
  }

  stop(): void {
    document.removeEventListener("pointerdown", this.unlock);
    document.removeEventListener("keydown", this.unlock);
    void this.audio?.close();
  }

  /** Tells of something, unless it happens before the agent's eyes. */
  tell(what: Happening, ticket: Ticket, inView: boolean): void {
    if (!this.on || inView) return;
    this.sound(NOTES[what]);
    this.notify(this.texts.line.alerts[what], ticket);
  }

  private async toggle(): Promise<void> {
    this.on = !this.on;
    localStorage.setItem(KEY, this.on ? "on" : "off");
    this.draw();
    if (!this.on) return;
    this.sound(NOTES.wrote);
    if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    if (!("Notification" in window) || Notification.permission !== "granted") {
      this.onRefused(this.texts.line.alerts.refused);
    }
  }

  private draw(): void {
    const { on, off } = this.texts.line.alerts;
    this.element.setAttribute("aria-label", this.on ? on : off);
    this.element.title = this.on ? on : off;
    this.element.dataset.on = String(this.on);
  }

  private context(): AudioContext | null {
    if (!("AudioContext" in window)) return null;
    return (this.audio ??= new AudioContext());
  }

  private sound(notes: number[]): void {
    const audio = this.context();
    if (!audio) return;
    notes.forEach((note, index) => {
      const start = audio.currentTime + index * 0.16;
      const tone = new OscillatorNode(audio, { frequency: note });
      const volume = new GainNode(audio, { gain: 0 });
      volume.gain.linearRampToValueAtTime(0.14, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.32);
    });
  }

  private notify(title: string, ticket: Ticket): void {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    try {
      const shown = new Notification(title, { body: ticket.preview, tag: `attune-${ticket.id}` });
      shown.onclick = () => {
        window.focus();
        this.onOpen(ticket.id);
        shown.close();
      };
    } catch {
      // Some phones show notifications through a service worker only; the sound was heard.
    }
  }
}
