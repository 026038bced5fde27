import type { Around } from "./around";
import type { Connection } from "./connection";
import { KeepingUp } from "./keeping-up";
import type { Attachment, Entry, Message, Reply } from "./messages";
import { Sending } from "./sending";
import { Transcript } from "./transcript";
import { emailOf, type Identity, type Mailed, type Opened, type Refusal, type Taken } from "./wire";
import { Writing } from "./writing";

export type Status = "idle" | "connecting" | "online" | "offline";

/** The server refuses longer messages; see `incoming.py`. */
export const MAX_TEXT = 20_000;

/** What holds until the server opens another session. */
type Held = Pick<Opened, "customer" | "files" | "voice" | "mail" | "standing"> & { thread: string | null };

/** A conversation: what has been said, what is on its way, and whether the line stands. */
export class Chat {
  readonly #connection: Connection;
  readonly #transcript = new Transcript();
  readonly #sending: Sending;
  readonly #keepingUp: KeepingUp;
  readonly #writing: Writing;
  #listeners: (() => void)[] = [];
  #status: Status = "idle";
  #loaded = false;
  #working = false;
  #notice = "";
  #opened: Held = { thread: null, customer: false, files: null, voice: null, mail: null, standing: null };
  #mailed: Mailed | null = null;
  #email = "";
  #metadata: Readonly<Record<string, unknown>> = {};
  #readUntil: string | null = null;
  /** Whether the customer has the conversation before the eyes. */
  looking = false;

  constructor(connection: Connection, server: string) {
    this.#connection = connection;
    const around: Around = {
      isOnline: () => this.#status === "online",
      isLooking: () => this.looking,
      changed: () => { this.#changed(); },
      working: (is) => { this.#working = is; },
    };
    this.#sending = new Sending(connection, server, this.#transcript, around);
    this.#keepingUp = new KeepingUp(connection, this.#transcript, around);
    this.#writing = new Writing(connection, around.changed);
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
    return this.#keepingUp.hasOlder;
  }

  /** Whether the shop has vouched for who the customer is. */
  get isCustomer(): boolean {
    return this.#opened.customer;
  }

  /** Why session or sign-in were refused, in words; empty while all is well. */
  get notice(): string {
    return this.#notice;
  }

  /** Which files may be sent, or null. */
  get files(): Taken | null {
    return this.#opened.files;
  }

  /** What else the server offers, and where the customer stands who waits for a person. */
  get opened(): Readonly<Held> {
    return this.#opened;
  }

  /** What the server said last of a conversation that was to be mailed, or null. */
  get mailed(): Mailed | null {
    return this.#mailed;
  }

  /** Which conversation this is; null before the server has said so. */
  get thread(): string | null {
    return this.#opened.thread;
  }

  /** Where the shop says that the customer gets mail; empty where it does not say so. */
  get email(): string {
    return this.isCustomer ? this.#email : "";
  }

  /** The name of the human who is writing just now, or null. */
  get typing(): string | null {
    return this.#writing.name;
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
        news: (last) => { this.#keepingUp.heardOf(last); },
        refused: (refusal) => { this.#refused(refusal); },
        over: () => { this.#forget(); },
        typing: (typing) => { this.#writing.take(typing); },
        standing: (standing) => { this.#opened = { ...this.#opened, standing }; this.#changed(); },
        mailed: (mailed) => { this.#mailed = mailed; this.#changed(); },
        read: (id) => { this.#readUntil = id; this.#changed(); },
      },
      () => ({ thread: this.thread, cursor: this.#transcript.cursor }),
    );
    this.#keepingUp.begin();
  }

  /** The customer is writing; whoever waits for it is told so now and then. */
  writes(): void {
    this.#writing.tell();
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
    this.#sending.retry(id);
  }

  /** Whether a message waits here and has certainly not arrived anywhere. */
  canTakeBack(id: string): boolean {
    return this.#sending.canTakeBack(id);
  }

  /** Takes a message that still waits out of the conversation and gives its text, or null. */
  takeBack(id: string): string | null {
    return this.#sending.takeBack(id);
  }

  /** Gets the page of the conversation before the oldest message that is here. */
  async loadOlder(): Promise<void> {
    await this.#keepingUp.loadOlder();
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
    const id = this.#sending.add(text, title, files, this.#metadata);
    this.connect();
    this.#sending.flush();
    this.#changed();
    return id;
  }

  #ready(opened: Opened): void {
    if (opened.thread === this.thread) {
      this.#transcript.take(opened.entries);
    } else {
      this.#keepingUp.start(opened);
    }
    this.#opened = opened;
    this.#working = opened.working;
    this.#loaded = true;
    this.#notice = "";
    this.#sending.dropArrived();
    this.#setStatus("online");
    this.#keepingUp.heardOf(opened.last);
    this.soonReceipt();
    this.#sending.flush(true);
  }

  #receive(entry: Entry): void {
    if (this.thread === null) return; // of a conversation that was forgotten meanwhile
    const message = entry.message;
    if (message?.sender === "agent") this.#writing.take({ name: message.agent, typing: false });
    if (!this.#transcript.take([entry])) return;
    if (message?.sender === "user") this.#working = true;
    if (this.#transcript.hasGap) void this.#keepingUp.catchUp();
    this.soonReceipt();
    this.#changed();
  }

  #answered(id: string, failed: boolean, working: boolean): void {
    this.#working = working;
    if (failed) this.#transcript.setDelivery(id, "failed");
    this.#changed();
  }

  /** Tells the server before long how far the page has got. */
  soonReceipt(): void {
    this.#keepingUp.soonReceipt();
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
    this.#sending.clear();
    this.#keepingUp.forget();
    this.#opened = { ...this.#opened, thread: null, customer: false, standing: null };
    this.#working = false;
    this.#readUntil = null;
    // The line stands, but for the conversation that ends: what is said now waits for the next one.
    if (this.#status === "online") this.#status = "connecting";
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
