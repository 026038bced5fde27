import { api, newId } from "./api";
import type { Requests } from "./requests";
import type { Detail, Message, ReplyFile } from "./types";

/** A message on its way to the desk, or one that did not get there. */
export interface Draft {
  id: string;
  ticket: number;
  text: string;
  files: ReplyFile[];
  failed: boolean;
}

/** Answers on their way; each has an id of its own, so that sending it again never doubles it. */
export class Drafts {
  private drafts: Draft[] = [];

  constructor(
    private readonly requests: Requests,
    private readonly changed: () => void,
    /** Takes the conversation with the answer in it. */
    private readonly answered: (detail: Detail) => void,
  ) {}

  of(ticket: number): Draft[] {
    return this.drafts.filter((draft) => draft.ticket === ticket);
  }

  async send(ticket: number, text: string, files: ReplyFile[] = []): Promise<void> {
    await this.dispatch({ id: newId(), ticket, text, files, failed: false });
  }

  async again(draft: Draft): Promise<void> {
    await this.dispatch({ ...draft, failed: false });
  }

  /** Lets go of those that have become messages. */
  arrived(messages: Message[]): void {
    const ids = new Set(messages.map((message) => message.message_id));
    this.drafts = this.drafts.filter((draft) => !ids.has(draft.id));
  }

  private async dispatch(draft: Draft): Promise<void> {
    this.drafts = [...this.without(draft), draft];
    this.changed();
    const files = draft.files.map((file) => file.id);
    const detail = await this.requests.take(() => api.answer(draft.ticket, draft.id, draft.text, files), (found) => {
      this.drafts = this.without(draft);
      this.answered(found);
    });
    if (detail) return;
    draft.failed = true;
    this.changed();
  }

  private without(draft: Draft): Draft[] {
    return this.drafts.filter((other) => other.id !== draft.id);
  }
}
