/** What a chat is made of, and how it is read from what the server sends. */

export type Sender = "user" | "bot" | "agent" | "system";

/** How far a message of the customer has got; messages of others are always "sent". */
export type Delivery = "queued" | "sending" | "sent" | "failed" | "rejected";

export interface Reply {
  title: string;
  /** What is sent to the server when the reply is chosen. */
  payload: string;
}

export interface Card {
  title: string;
  subtitle: string;
  image: string | null;
  replies: Reply[];
}

export interface Message {
  id: string;
  sender: Sender;
  /** The agent's name; empty for others. */
  agent: string;
  text: string;
  /** Milliseconds since 1970. */
  time: number;
  image: string | null;
  card: Card | null;
  replies: Reply[];
  delivery: Delivery;
}

type Fields = Record<string, unknown>;

/** Reads one message of the server, or null where it holds nothing to show. */
export function readMessage(data: unknown): Message | null {
  const fields = object(data);
  const attachment = object(fields.attachment);
  const payload = object(attachment.payload);
  const message: Message = {
    id: string(fields.id) || randomId(),
    sender: sender(fields.sender),
    agent: string(fields.agent),
    text: string(fields.text).trim(),
    time: typeof fields.timestamp === "number" ? fields.timestamp * 1000 : Date.now(),
    image: attachment.type === "image" ? imageAddress(payload.src) : null,
    card: payload.template_type === "generic" ? card(payload.elements) : null,
    replies: replies(fields.quick_replies),
    delivery: "sent",
  };
  const empty = !message.text && !message.image && !message.card && !message.replies.length;
  return empty ? null : message;
}

/** Makes a message of the customer, not yet sent. */
export function ownMessage(text: string): Message {
  return {
    id: randomId(),
    sender: "user",
    agent: "",
    text,
    time: Date.now(),
    image: null,
    card: null,
    replies: [],
    delivery: "queued",
  };
}

/** Only addresses that can do no more than show a picture. */
export function imageAddress(value: unknown): string | null {
  const text = string(value);
  return /^(https?:\/\/|data:image\/(png|jpeg|gif|webp);)/i.test(text) ? text : null;
}

/** `crypto.randomUUID` is missing on pages without TLS, so the id is made by hand. */
function randomId(): string {
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

function replies(value: unknown): Reply[] {
  if (!Array.isArray(value)) return [];
  return value
    .map((entry) => object(entry))
    .map((entry) => ({
      title: string(entry.title),
      payload: string(entry.payload) || string(entry.title),
    }))
    .filter((reply) => reply.title !== "");
}

function sender(value: unknown): Sender {
  return value === "user" || value === "agent" || value === "system" ? value : "bot";
}

function object(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function string(value: unknown): string {
  return typeof value === "string" ? value : "";
}
