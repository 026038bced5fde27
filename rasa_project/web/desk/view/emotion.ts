import type { Emotion } from "../data/types";
import type { Texts } from "../texts";
import { element } from "./dom";

/** Says in words what a customer feels, for example "Anger, strong". */
export function emotionWords(texts: Texts, emotion: Emotion): string {
  if (emotion.abstained) return texts.unclear;
  const name = texts.emotions[emotion.name] ?? emotion.name;
  if (emotion.name === "neutral" || emotion.intensity === null) return name;
  return `${name} · ${texts.strength[strength(emotion.intensity)]}`;
}

/** Shows an emotion by colour and word. */
export function emotionChip(texts: Texts, emotion: Emotion): HTMLElement {
  const name = emotion.abstained ? "unclear" : emotion.name;
  return element("span", "chip", { "data-emotion": name }, emotionWords(texts, emotion));
}

function strength(intensity: number): "strong" | "clear" | "slight" {
  return intensity >= 0.66 ? "strong" : intensity >= 0.33 ? "clear" : "slight";
}
