import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { minify } from "terser";
import { defineConfig, type Plugin } from "vite";

/** A page that embeds the widget pays for every byte, at the latest when the chat is opened. */
const GZIP_LIMIT_KB = 40;
const STATIC = new URL("static/", import.meta.url);
const CHAT = "attune-chat.js";

/** The files, each built by a run of its own: what is fetched before what fetches it. */
const PARTS: Record<string, { entry: string; file: string; format: "es" | "iife" }> = {
  chat: { entry: "widget/conversation.ts", file: CHAT, format: "es" },
  tag: { entry: "widget/main.ts", file: "attune.js", format: "iife" },
  module: { entry: "widget/module.ts", file: "attune.mjs", format: "es" },
};

/** How the bundled socket calls what is its own; one of these goes over the wire. */
const PRIVATE = { regex: /^_/, reserved: ["_placeholder"], keep_quoted: true };

/** Makes what Vite has made small a little smaller still. */
function smaller(): Plugin {
  return {
    name: "attune-smaller",
    async generateBundle(_options, bundle) {
      const [file] = Object.values(bundle);
      if (file?.type !== "chunk") return;
      const { code } = await minify(file.code, { module: true, ecma: 2020, compress: { passes: 3 }, mangle: { properties: PRIVATE } });
      if (code === undefined) this.error(`${file.fileName} cannot be made smaller.`);
      file.code = code;
    },
  };
}

/** Leaves out what the chat never uses of its socket, by the end of a module's path; see `docs/decisions.md`. */
const LEANER: Record<string, string> = {
  // No WebTransport, which no server of Rasa's speaks, and polling by `fetch`.
  "engine.io-client/build/esm/transports/index.js":
    'import { Fetch } from "./polling-fetch.js"; import { WS } from "./websocket.js"; export const transports = { websocket: WS, polling: Fetch };',
  // Browsers read addresses by themselves.
  "engine.io-client/build/esm/contrib/parseuri.js":
    'export const parse = (source) => { const { protocol, hostname, port } = new URL(source); return { protocol: protocol.slice(0, -1), host: hostname.replace(/[[\\]]/g, ""), port }; };',
  // The chat gives an origin, and asks for no namespace.
  "socket.io-client/build/esm/url.js": 'export const url = (source, path) => ({ source, id: source + path, path: "/" });',
  // Nothing but text goes either way; files have addresses of their own.
  "socket.io-parser/build/esm/is-binary.js": "export const isBinary = () => false; export const hasBinary = isBinary;",
  "socket.io-parser/build/esm/binary.js": "export const deconstructPacket = () => {}; export const reconstructPacket = deconstructPacket;",
  "engine.io-parser/build/esm/encodePacket.browser.js":
    'import { PACKET_TYPES } from "./commons.js"; export const encodePacket = ({ type, data }, _, done) => done(PACKET_TYPES[type] + (data || "")); export const encodePacketToBinary = encodePacket;',
  "engine.io-parser/build/esm/decodePacket.browser.js":
    'import { ERROR_PACKET, PACKET_TYPES_REVERSE } from "./commons.js"; export const decodePacket = (packet) => { const type = PACKET_TYPES_REVERSE[packet[0]]; return type ? { type, data: packet.slice(1) || undefined } : ERROR_PACKET; };',
};

/** What nobody asks for here: retries, upgrades, binary parts, and options of Node's. */
const UNUSED: [end: string, ...parts: RegExp[]][] = [
  [
    "socket.io-client/build/esm/socket.js",
    ...["send", "_addToQueue", "_drainQueue", "compress", "onAny", "prependAny", "offAny", "listenersAny", "onAnyOutgoing",
      "prependAnyOutgoing", "offAnyOutgoing", "listenersAnyOutgoing", "notifyOutgoingListeners"].map(method),
  ],
  ["engine.io-client/build/esm/socket.js", method("_probe"), method("_filterUpgrades")],
  ["engine.io-client/build/esm/transports/websocket.js", /(?<=: )pick\(this\.opts, "agent".*\)/],
  ["socket.io-parser/build/esm/index.js", method("encodeAsBinary"), /(?<=^class BinaryReconstructor )\{[\s\S]*?^\}$/m],
];

/** Finds what a method does. */
function method(name: string): RegExp {
  return new RegExp(`(?<=^    ${name}\\(.*\\) )\\{\\n[\\s\\S]*?^    \\}$`, "m");
}

function leaner(): Plugin {
  const isOf = (id: string, end: string) => id.endsWith(`/node_modules/${end}`);
  return {
    name: "attune-leaner",
    load: (id) => Object.entries(LEANER).find(([end]) => isOf(id, end))?.[1] ?? null,
    transform(code, id) {
      const [, ...parts] = UNUSED.find(([end]) => isOf(id, end)) ?? [""];
      return parts.reduce((rest, part) => {
        if (!part.test(rest)) this.error(`${id} holds no ${part} any more; see UNUSED.`);
        return rest.replace(part, "{}");
      }, code);
    },
  };
}

/** Prints the gzipped size of what a page loads, and refuses more than the limit. */
function sizeLimit(name: string): Plugin {
  return {
    name: "attune-size-limit",
    generateBundle(_options, bundle) {
      const [file] = Object.values(bundle);
      if (file?.type !== "chunk") return;
      const own = kilobytes(file.code);
      const all = own + (name === "chat" ? 0 : kilobytes(readFileSync(new URL(CHAT, STATIC))));
      const line = `${file.fileName}: ${own.toFixed(1)} kB gzip, ${all.toFixed(1)} kB with what it fetches, limit ${GZIP_LIMIT_KB} kB`;
      if (all > GZIP_LIMIT_KB) this.error(line);
      console.log(line);
    },
  };
}

function kilobytes(code: string | Uint8Array): number {
  return gzipSync(code, { level: 9 }).length / 1000;
}

/** The chat's address beside the file that fetches it; a browser that holds an older one asks anew. */
function chatAddress(): string {
  const hash = createHash("sha256").update(readFileSync(new URL(CHAT, STATIC))).digest("hex");
  return `${CHAT}?v=${hash.slice(0, 12)}`;
}

export default defineConfig(({ mode }) => {
  const part = PARTS[mode];
  if (!part) throw new Error(`The widget's parts are ${Object.keys(PARTS).join(", ")}. Received: --mode ${mode}`);
  return {
    publicDir: false,
    define: mode === "chat" ? {} : { __CHAT_FILE__: JSON.stringify(chatAddress()) },
    build: {
      outDir: "static",
      emptyOutDir: false, // the other parts and the desk's pages live in the same folder
      target: "es2022", // no browser without it has constructed style sheets
      reportCompressedSize: false,
      modulePreload: false,
      // What the bundled packages ask to be told with them; only the chat bundles any.
      license: mode === "chat" && { fileName: "attune.licenses.md" },
      rolldownOptions: {
        input: part.entry,
        preserveEntrySignatures: "strict",
        output: { format: part.format, entryFileNames: part.file, codeSplitting: false },
      },
    },
    plugins: [leaner(), smaller(), sizeLimit(mode)],
  };
});
