/**
 * Many customers with a plain socket.io client, as any client of Rasa's `socketio` channel is.
 *
 * Commands come as lines of JSON, each is answered by one: connect so many, talk for so long.
 */

import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";

import { io, type Socket } from "socket.io-client";

interface Command {
  do: "connect" | "pace" | "saturate" | "leave";
  server: string;
  sessions: number;
  /** Messages a second, of all together. */
  rate: number;
  seconds: number;
}

interface Customer {
  socket: Socket;
  token: string;
}

const customers: Customer[] = [];
/** What waits for an answer, by its text. */
const waiting = new Map<string, () => void>();
let numbers = 0;

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function connect(server: string): Promise<Customer> {
  return new Promise((resolve, reject) => {
    const socket = io(server, { transports: ["websocket"], forceNew: true, reconnection: false });
    const customer: Customer = { socket, token: "" };
    socket.on("connect", () => { socket.emit("session_request", { session_id: randomUUID() }); });
    socket.on("connect_error", reject);
    socket.on("session_confirm", (token: string) => { customer.token = token; resolve(customer); });
    socket.on("bot_uttered", ({ text }: { text: string }) => { waiting.get(text)?.(); });
  });
}

/** Says one thing; returns the milliseconds to its answer. */
async function turn(customer: Customer): Promise<number> {
  numbers += 1;
  const message = `say ${numbers}`;
  const began = performance.now();
  await new Promise<void>((resolve) => {
    waiting.set(`Heard ${message}`, resolve);
    customer.socket.emit("user_uttered", { message, session_id: customer.token });
  });
  waiting.delete(`Heard ${message}`);
  return performance.now() - began;
}

/** Everybody in turn, so that what comes to the server does not depend on how fast it answers. */
async function pace({ rate, seconds }: Command): Promise<number[]> {
  const turns: Promise<number>[] = [];
  const began = performance.now();
  for (let said = 0; said < rate * seconds; said += 1) {
    await sleep(Math.max(0, began + (1000 * said) / rate - performance.now()));
    const customer = customers[said % customers.length];
    if (customer) turns.push(turn(customer));
  }
  return Promise.all(turns);
}

/** A few who write as soon as they are answered. */
async function saturate({ sessions, seconds }: Command): Promise<number[]> {
  const until = performance.now() + seconds * 1000;
  const all = customers.slice(0, sessions).map(async (customer) => {
    const spans: number[] = [];
    while (performance.now() < until) spans.push(await turn(customer));
    return spans;
  });
  return (await Promise.all(all)).flat();
}

async function obey(command: Command): Promise<unknown> {
  switch (command.do) {
    case "connect":
      while (customers.length < command.sessions) {
        const some = Math.min(20, command.sessions - customers.length);
        customers.push(...(await Promise.all(Array.from({ length: some }, () => connect(command.server)))));
      }
      return customers.length;
    case "pace":
      return pace(command);
    case "saturate":
      return saturate(command);
    case "leave":
      for (const { socket } of customers.splice(0)) socket.disconnect();
      return 0;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await obey(JSON.parse(line) as Command))}\n`);
}
process.exit(0);
