import { EMOTIONS, type Casework } from "../data/casework";
import type { Message } from "../data/types";
import type { Texts } from "../texts";
import { element } from "./dom";
import { emotionWords } from "./emotion";
import { openPopup } from "./popup";

interface Actions {
  correct: (message: number, emotion: string | null) => void;
  explain: (message: number) => void;
}

/** A turn's emotion as a button: pressing it opens the ten labels, choosing one corrects it. */
export function emotionButton(
  texts: Texts,
  message: Message,
  correction: Casework["corrections"][string] | undefined,
  actions: Actions,
): HTMLElement {
  const { emotion } = message;
  const guessed = emotion ? emotionWords(texts, emotion) : texts.unclear;
  const { correct } = texts.casework;
  const words = correction ? `${texts.emotions[correction.emotion] ?? correction.emotion} · ${correct.corrected}` : guessed;
  const name = correction?.emotion ?? (emotion && !emotion.abstained ? emotion.name : "unclear");
  const node = element("button", "chip", {
    type: "button", "data-emotion": name, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": correct.button(words),
  }, words);
  if (correction) node.title = `${correct.by(correction.agent)} (${guessed})`;
  node.addEventListener("click", () => {
    const choices = EMOTIONS.map((label) => ({
      label: texts.emotions[label] ?? label,
      mark: element("span", "dot", { "data-emotion": label, "aria-hidden": "true" }),
      checked: name === label,
      choose: () => { actions.correct(message.id, label); },
    }));
    const undo = { label: correct.undo, apart: true, choose: () => { actions.correct(message.id, null); } };
    const explain = { label: texts.casework.words.button, apart: true, choose: () => { actions.explain(message.id); } };
    openPopup(node, correct.menu, correction ? [...choices, undo, explain] : [...choices, explain]);
  });
  return node;
}
