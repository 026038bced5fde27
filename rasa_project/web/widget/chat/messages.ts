/** What a chat is made of, and how it is read from what the server sends. */

export type Sender = "user" | "bot" | "agent" | "system";

/** How far a message of the customer has got; messages of others are always "sent". */
export type Delivery = "queued" | "sending" | "sent" | "failed" | "rejected";

export interface Reply {
  title: string;
  /** What is sent to the server when the reply is chosen. */
  payload: string;
  /** Where it leads instead of being sent, or null. */
  url: string | null;
}

export interface Card {
  title: string;
  subtitle: string;
  image: string | null;
  replies: Reply[];
}

/** A file, shown as a picture or as a link. */
export interface Attachment {
  /** By which the server knows it; empty for one that stands elsewhere. */
  id: string;
  name: string;
  url: string;
  picture: boolean;
  /** Something to listen to. */
  sound?: boolean;
}

/** Whether a human is writing just now. */
export interface Typing {
  name: string;
  typing: boolean;
}

export interface Message {
  id: string;
  sender: Sender;
  /** The agent's name; empty for others. */
  agent: string;
  /** Address of the agent's picture, or null. */
  picture: string | null;
  text: string;
  /** Milliseconds since 1970. */
  time: number;
  files: Attachment[];
  card: Card | null;
  replies: Reply[];
  delivery: Delivery;
  /** Its place in the conversation, from 1; null until the server has it. */
  seq: number | null;
  /** Why it was refused, in words; empty where it was not. */
  reason: string;
}

/** A place in the conversation; null where it holds nothing to show. */
export interface Entry {
  seq: number;
  message: Message | null;
}

export type Fields = Record<string, unknown>;

/** Reads one message of the server at `base`, or null where it holds nothing to show. */
export function readMessage(data: unknown, base = ""): Message | null {
  const fields = object(data);
  const attachment = object(fields.attachment);
  const payload = object(attachment.payload);
  const message: Message = {
    id: string(fields.id) || randomId(),
    sender: sender(fields.sender),
    agent: string(fields.agent),
    picture: imageAddress(fields.picture),
    text: string(fields.text).trim(),
    time: typeof fields.timestamp === "number" ? fields.timestamp * 1000 : Date.now(),
    files: (Array.isArray(fields.files) ? fields.files.map((one) => stored(object(one), base)) : [file(attachment, base)])
      .filter((one) => one !== null),
    card: payload.template_type === "generic" ? card(payload.elements) : null,
    replies: replies(fields.quick_replies),
    delivery: fields.state === "failed" ? "failed" : "sent",
    seq: number(fields.seq),
    reason: "",
  };
  const empty = !message.text && !message.files.length && !message.card;
  return empty && !message.replies.length ? null : message;
}

/** Reads a message with its place, or null where it has none. */
export function readEntry(data: unknown, base = ""): Entry | null {
  const seq = number(object(data).seq);
  return seq === null ? null : { seq, message: readMessage(data, base) };
}

/** Reads who has begun or ceased to write. */
export function readTyping(data: unknown): Typing {
  const fields = object(data);
  return { name: string(fields.agent), typing: fields.typing !== false };
}

/** Makes a message of the customer, not yet sent. */
export function ownMessage(text: string, files: Attachment[] = []): Message {
  return {
    id: randomId(),
    sender: "user",
    agent: "",
    picture: null,
    text,
    time: Date.now(),
    files,
    card: null,
    replies: [],
    delivery: "queued",
    seq: null,
    reason: "",
  };
}

/** Only addresses that can do no more than show a picture. */
export function imageAddress(value: unknown): string | null {
  const text = string(value);
  return /^(https?:\/\/|data:image\/(png|jpeg|gif|webp);)/i.test(text) ? text : null;
}

/** Only addresses that open a page or a file. */
export function webAddress(value: unknown): string | null {
  const text = string(value);
  return /^https?:\/\//i.test(text) ? text : null;
}

/** `crypto.randomUUID` is missing on pages without TLS, so the id is made by hand. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function card(value: unknown): Card | null {
  const fields = object(value);
  const title = string(fields.title);
  if (!title) return null;
  return {
    title,
    subtitle: string(fields.subtitle),
    image: imageAddress(fields.image_url),
    replies: replies(fields.buttons),
  };
}

function file({ type, payload: held }: Fields, base: string): Attachment | null {
  const payload = object(held);
  const picture = type === "image";
  const address = picture ? payload.src : (payload.src ?? payload.url);
  const url = here(address, base) ?? (picture ? imageAddress(address) : webAddress(address));
  return url === null ? null : { id: "", url, name: string(payload.title) || string(payload.name), picture, sound: type === "audio" };
}

/** Reads a file that the server keeps, as it describes one. */
export function stored(fields: Fields, base: string): Attachment | null {
  const url = here(fields.src, base);
  const type = string(fields.mime_type);
  // What a browser may show; see `formats.py`.
  const picture = /^image\/(png|jpeg|gif|webp)$/.test(type);
  return url === null ? null : { id: string(fields.id), name: string(fields.name), url, picture, sound: type.startsWith("audio/") };
}

/** The address of a file on the chat's own server. */
function here(value: unknown, base: string): string | null {
  const text = string(value);
  return base && text.startsWith("/webhooks/") ? base.replace(/\/+$/, "") + text : null;
}

function replies(value: unknown): Reply[] {
  if (!Array.isArray(value)) return [];
  return value
    .map((entry) => object(entry))
    .map((entry) => ({
      title: string(entry.title),
      payload: string(entry.payload) || string(entry.title),
      url: webAddress(entry.url),
    }))
    .filter((reply) => reply.title !== "");
}

function sender(value: unknown): Sender {
  return value === "user" || value === "agent" || value === "system" ? value : "bot";
}

export function object(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : null;
}

function string(value: unknown): string {
  return typeof value === "string" ? value : "";
}
