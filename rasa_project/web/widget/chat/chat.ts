import type { Connection } from "./connection";
import { ownMessage, type Attachment, type Entry, type Message, type Reply, type Typing } from "./messages";
import { Outbox } from "./outbox";
import { Sending } from "./sending";
import { Transcript } from "./transcript";
import { emailOf, type Identity, type Mailed, type Opened, type Refusal, type Taken } from "./wire";

export type Status = "idle" | "connecting" | "online" | "offline";

/** The server refuses longer messages; see `incoming.py`. */
export const MAX_TEXT = 20_000;
const RETRY_DELAY_MS = 2_000;
/** How long after something new the server is told that it is here. */
const RECEIPT_DELAY_MS = 500;
/** How often the page asks whether it has everything: a message can get lost behind the server. */
const RECEIPT_EVERY_MS = 25_000;
// Who types says so again every few seconds; a lost "stopped" must not leave the dots for good.
const TYPING_LASTS_MS = 8_000;

/** What else the server offers, and where the customer stands. */
type Offered = Pick<Opened, "voice" | "mail" | "standing">;

/** A conversation: what has been said, what is on its way, and whether the line stands. */
export class Chat {
  readonly #connection: Connection;
  readonly #transcript = new Transcript();
  readonly #outbox: Outbox;
  readonly #sending: Sending;
  #listeners: (() => void)[] = [];
  #status: Status = "idle";
  #thread: string | null = null;
  #customer = false;
  #loaded = false;
  #hasOlder = false;
  #working = false;
  #catchingUp = false;
  #notice = "";
  #files: Taken | null = null;
  #opened: Offered = { voice: null, mail: null, standing: null };
  #mailed: Mailed | null = null;
  #email = "";
  #metadata: Readonly<Record<string, unknown>> = {};
  #typing: string | null = null;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #receiptTimer: ReturnType<typeof setTimeout> | undefined;
  #readUntil: string | null = null;
  #wrote = 0;
  /** Whether the customer has the conversation before the eyes. */
  looking = false;

  constructor(connection: Connection, server: string) {
    this.#connection = connection;
    this.#outbox = new Outbox(server);
    this.#sending = new Sending(connection, this.#outbox, this.#transcript, {
      isOnline: () => this.#status === "online",
      changed: () => { this.#changed(); },
      working: () => { this.#working = true; },
    });
    for (const { id, title, time, files } of this.#outbox.all) {
      this.#transcript.add({ ...ownMessage(title, files), id, time });
    }
  }

  get status(): Status {
    return this.#status;
  }

  /** Whether the history has arrived, so that an empty transcript means a new conversation. */
  get loaded(): boolean {
    return this.#loaded;
  }

  get messages(): readonly Message[] {
    return this.#transcript.messages;
  }

  /** Whether the answer to a message is being prepared. */
  get waiting(): boolean {
    return this.#working || this.messages.some((message) => message.delivery === "sending");
  }

  /** Whether there is more of the conversation than `messages` holds; see `loadOlder`. */
  get hasOlder(): boolean {
    return this.#hasOlder;
  }

  /** Whether the shop has vouched for who the customer is. */
  get isCustomer(): boolean {
    return this.#customer;
  }

  /** Why session or sign-in were refused, in words; empty while all is well. */
  get notice(): string {
    return this.#notice;
  }

  /** Which files may be sent, or null. */
  get files(): Taken | null {
    return this.#files;
  }

  /** What else the server offers, and where the customer stands who waits for a person. */
  get opened(): Readonly<Offered> {
    return this.#opened;
  }

  /** What the server said last of a conversation that was to be mailed, or null. */
  get mailed(): Mailed | null {
    return this.#mailed;
  }

  /** Which conversation this is; null before the server has said so. */
  get thread(): string | null {
    return this.#thread;
  }

  /** Where the shop says that the customer gets mail; empty where it does not say so. */
  get email(): string {
    return this.#customer ? this.#email : "";
  }

  /** The name of the human who is writing just now, or null. */
  get typing(): string | null {
    return this.#typing;
  }

  /** The id of the customer's latest message that a human has read, or null where nobody said. */
  get readUntil(): string | null {
    return this.#readUntil;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** What goes along with every message of the customer from now on. */
  setMetadata(metadata: Readonly<Record<string, unknown>>): void {
    this.#metadata = metadata;
  }

  connect(): void {
    if (this.#status !== "idle") return;
    this.#setStatus("connecting");
    this.#connection.open(
      {
        ready: (opened) => { this.#ready(opened); },
        disconnected: () => { this.#disconnected(); },
        entry: (entry) => { this.#receive(entry); },
        answered: (id, failed, working) => { this.#answered(id, failed, working); },
        news: (last) => { if (last > this.#transcript.cursor) void this.#catchUp(); },
        refused: (refusal) => { this.#refused(refusal); },
        over: () => { this.#forget(); },
        typing: (typing) => { this.#setTyping(typing); },
        standing: (standing) => { this.#opened = { ...this.#opened, standing }; this.#changed(); },
        mailed: (mailed) => { this.#mailed = mailed; this.#changed(); },
        read: (id) => { this.#readUntil = id; this.#changed(); },
      },
      () => ({ thread: this.#thread, cursor: this.#transcript.cursor }),
    );
    const receipts = setInterval(() => {
      if (this.#connection.isOpen) void this.#receipt();
      else clearInterval(receipts);
    }, RECEIPT_EVERY_MS);
  }

  /** The customer is writing; whoever waits for it is told so now and then. */
  writes(): void {
    if (Date.now() - this.#wrote < 4_000) return;
    this.#wrote = Date.now();
    this.#connection.writes();
  }

  /** Says something; returns the id of the message. */
  say(text: string, files: Attachment[] = []): string {
    return this.#enqueue(text, text, files);
  }

  choose(reply: Reply): void {
    this.#enqueue(reply.payload, reply.title);
  }

  /** Sends a failed message again, under its own id, so that it can arrive only once. */
  retry(id: string): void {
    const message = this.#transcript.get(id);
    if (message?.delivery !== "failed") return;
    if (!this.#outbox.get(id)) this.#enqueueAgain(message);
    this.#transcript.setDelivery(id, "queued");
    this.#sending.flush(true);
  }

  /** Whether a message waits here and has certainly not arrived anywhere. */
  canTakeBack(id: string): boolean {
    const outgoing = this.#outbox.get(id);
    return outgoing?.tried === false && !outgoing.files.length && this.#transcript.deliveryOf(id) === "queued";
  }

  /** Takes a message that still waits out of the conversation and gives its text, or null. */
  takeBack(id: string): string | null {
    const outgoing = this.#outbox.get(id);
    if (!outgoing || !this.canTakeBack(id)) return null;
    this.#outbox.remove(id);
    this.#transcript.remove(id);
    this.#changed();
    return outgoing.title;
  }

  /** Gets the page of the conversation before the oldest message that is here. */
  async loadOlder(): Promise<void> {
    if (!this.#hasOlder || this.#status !== "online") return;
    const page = await this.#connection.page({ before: this.#transcript.first });
    if (!page) return;
    this.#transcript.takeOlder(page.entries);
    this.#hasOlder = page.more;
    this.#changed();
  }

  /** Says who the customer is, in words that the shop's own server has signed. */
  signIn(identity: Identity): void {
    this.#email = emailOf(identity);
    this.#connection.identify(identity);
    this.connect();
  }

  /** Forgets the conversation, here and in this browser; the next message begins another. */
  signOut(everywhere = false): void {
    this.#forget();
    void this.#connection.forget(everywhere);
  }

  #enqueue(text: string, title: string, files: Attachment[] = []): string {
    const message = ownMessage(title, files);
    const { id, time } = message;
    this.#transcript.add(message);
    this.#outbox.add({ id, text, title, time, files, metadata: this.#metadata, tried: false });
    this.connect();
    this.#sending.flush();
    this.#changed();
    return id;
  }

  /** The server has it already and needs no more than its id. */
  #enqueueAgain({ id, text, time }: Message): void {
    this.#outbox.add({ id, text, title: text, time, files: [], metadata: {}, tried: true });
  }

  #ready(opened: Opened): void {
    if (opened.thread === this.#thread) {
      this.#transcript.take(opened.entries);
    } else {
      this.#transcript.begin(opened.entries, opened.last);
      this.#hasOlder = opened.more;
    }
    this.#thread = opened.thread;
    this.#customer = opened.customer;
    this.#files = opened.files;
    this.#opened = opened;
    this.#working = opened.working;
    this.#loaded = true;
    this.#notice = "";
    for (const { id } of this.#outbox.all) {
      // The history knows it: it arrived, only the acknowledgement was lost.
      if (this.#transcript.deliveryOf(id) === "sent") this.#outbox.remove(id);
    }
    this.#setStatus("online");
    if (opened.last > this.#transcript.cursor) void this.#catchUp();
    this.soonReceipt();
    this.#sending.flush(true);
  }

  #receive(entry: Entry): void {
    const message = entry.message;
    if (message?.sender === "agent") this.#setTyping({ name: message.agent, typing: false });
    if (!this.#transcript.take([entry])) return;
    if (message?.sender === "user") this.#working = true;
    if (this.#transcript.hasGap) void this.#catchUp();
    this.soonReceipt();
    this.#changed();
  }

  /** Asks for what is missing until nothing is. */
  async #catchUp(): Promise<void> {
    if (this.#catchingUp) return;
    this.#catchingUp = true;
    for (let missing = true; missing && this.#status === "online"; ) {
      const page = await this.#connection.page({ after: this.#transcript.cursor });
      if (page) {
        this.#transcript.take(page.entries);
        this.#working = page.working;
        missing = page.more;
        this.#changed();
      } else {
        await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
      }
    }
    this.#catchingUp = false;
    this.soonReceipt();
  }

  #answered(id: string, failed: boolean, working: boolean): void {
    this.#working = working;
    if (failed) this.#transcript.setDelivery(id, "failed");
    this.#changed();
  }

  soonReceipt(): void {
    clearTimeout(this.#receiptTimer);
    this.#receiptTimer = setTimeout(() => void this.#receipt(), RECEIPT_DELAY_MS);
  }

  async #receipt(): Promise<void> {
    if (this.#status !== "online") return;
    const last = await this.#connection.deliver(this.#transcript.cursor, this.looking);
    if (last !== null && last > this.#transcript.cursor) void this.#catchUp();
  }

  #refused({ text }: Refusal): void {
    this.#notice = text;
    this.#changed();
  }

  #disconnected(): void {
    this.#sending.interrupted();
    this.#working = false;
    this.#setStatus("offline");
  }

  #forget(): void {
    this.#outbox.clear();
    this.#transcript.clear();
    this.#thread = null;
    this.#opened = { ...this.#opened, standing: null };
    this.#customer = this.#hasOlder = this.#working = false;
    this.#readUntil = null;
    this.#changed();
  }

  #setTyping({ name, typing }: Typing): void {
    clearTimeout(this.#typingTimer);
    this.#typing = typing ? name : null;
    if (typing) this.#typingTimer = setTimeout(() => { this.#setTyping({ name, typing: false }); }, TYPING_LASTS_MS);
    this.#changed();
  }

  #setStatus(status: Status): void {
    this.#status = status;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
