/**
 * The parts of the chat that only some customers use: they speak, wait in line, or leave a message.
 * Fetched when one of them is wanted.
 */

import type { Kit } from "./more/kit";
import { Recorder, type Recording } from "./more/recorder";
import { StandingView } from "./more/standing-view";
import styles from "./more/more.css?inline";
import { moreTextsFor } from "./more/texts";

export interface Parts {
  /** Records at once; nothing where the customer or the browser will not have it. */
  record(recording: Recording): Promise<HTMLElement | null>;
  standing(): StandingView;
}

/** Makes the parts for one chat. */
export function furnish(kit: Kit): Parts {
  const texts = { ...moreTextsFor(kit.language), ...kit.texts };
  kit.addStyles(styles);
  return {
    record: (recording) => Recorder.begin(kit, texts, recording),
    standing: () => new StandingView(kit, texts),
  };
}
