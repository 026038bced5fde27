/**
 * Many customers with the widget's own chat, in Node: everything of it but the drawing.
 *
 * Reads its task as JSON from the first argument, prints what was seen as JSON on the last line.
 */

import { Chat } from "../widget/chat/chat";
import { Connection } from "../widget/chat/connection";
import { SessionStore } from "../widget/chat/session-store";

interface Task {
  server: string;
  customers: number;
  messages: number;
  /** The most that one says before it has heard the answers. */
  ahead: number;
  seconds: number;
}

/** What browsers keep; each customer's begins with another name. */
class Storage {
  getItem(key: string): string | null {
    return (Object.getOwnPropertyDescriptor(this, key)?.value as string | undefined) ?? null;
  }
  setItem(key: string, value: string): void { Object.assign(this, { [key]: value }); }
  removeItem(key: string): void { Reflect.deleteProperty(this, key); }
}

const task = JSON.parse(process.argv[2] ?? "{}") as Task;
Object.assign(globalThis, { localStorage: new Storage(), location: new URL(task.server) });

/** Says everything, never more than so much ahead of the answers, and hears all of it. */
async function customer(number: number, deadline: number): Promise<object> {
  const browser = `browser-${number}`;
  const sessions = new SessionStore(browser);
  const chat = new Chat(new Connection(task.server, sessions), browser);
  const texts: string[] = [];
  const answered = () => chat.messages.filter(({ sender }) => sender === "bot").length;
  chat.connect();
  while (answered() < task.messages && Date.now() < deadline) {
    while (texts.length < task.messages && texts.length - answered() < task.ahead) {
      texts.push(`say ${number}-${texts.length}`);
      chat.say(texts.at(-1) ?? "");
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const seen = chat.messages.map(({ sender, text, seq }) => ({ sender, text, seq }));
  return { token: sessions.read(), texts, seen };
}

const deadline = Date.now() + task.seconds * 1000;
const all = await Promise.all(Array.from({ length: task.customers }, (_, number) => customer(number, deadline)));
process.stdout.write(`${JSON.stringify(all)}\n`, () => { process.exit(0); });
