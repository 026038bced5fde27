import type { Message, MessageFile } from "../data/types";
import type { Texts } from "../texts";
import { element } from "./dom";

// Of these the desk's browser shows a picture; see `formats.py`.
const SHOWN = /^image\/(png|jpeg|gif|webp)$/;

/** Draws what came with a message: pictures, files to save, and what only the service keeps. */
export function filesView(texts: Texts, message: Message): HTMLElement[] {
  if (message.files.length === 0) return [];
  const items = message.files.map((file, number) => element("li", "", {}, fileView(texts, message.id, file, number)));
  return [element("ul", "held", { "aria-label": texts.files.title }, ...items)];
}

function fileView(texts: Texts, message: number, file: MessageFile, number: number): HTMLElement {
  const { kinds, newWindow, notHere } = texts.files;
  const name = titleOf(file) ?? kinds[file.kind] ?? kinds.file ?? "";
  const address = file.here ? `api/messages/${message}/files/${number}` : webAddress(file.url);
  if (address === null) return element("p", "held-file soft", {}, `${name} · ${notHere}`);
  const link = element("a", "held-file", { href: address, target: "_blank", rel: "noopener noreferrer" });
  const words = [element("span", "", { dir: "auto" }, name), element("span", "soft", {}, size(file.size))];
  if (file.here && isShown(file)) {
    link.className = "held-picture";
    link.append(picture(address, name, () => {
      // Still on its way from the customer's app, or none that is kept: opened, the link says which.
      link.className = "held-file";
      link.replaceChildren(...words);
    }));
  } else {
    link.append(...words);
  }
  link.title = `${name}${newWindow}`;
  if (!file.here || file.kind !== "audio") return link;
  const player = sound(address, name, () => { player.replaceWith(link); });
  return player;
}

/** What people call a file: of a voice note, which is played in place, not how it was written. */
function titleOf({ name, kind }: MessageFile): string | null {
  return kind === "audio" ? (name?.replace(/\.\w+$/, "") ?? null) : name;
}

/** Some apps do not say of what kind a photo is; if it is none that browsers show, it becomes a link. */
function isShown(file: MessageFile): boolean {
  return file.mime_type ? SHOWN.test(file.mime_type) : file.kind === "image";
}

function picture(address: string, name: string, failed: () => void): HTMLElement {
  const image = element("img", "", { src: address, alt: name, loading: "lazy" });
  image.addEventListener("error", failed, { once: true });
  return image;
}

/** A voice note; what cannot be played, or is still on its way, stays a link. */
function sound(address: string, name: string, failed: () => void): HTMLElement {
  const player = element("audio", "", { src: address, controls: "", preload: "metadata", "aria-label": name });
  player.addEventListener("error", failed, { once: true });
  return player;
}

export function size(bytes: number | null): string {
  if (bytes === null) return "";
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function webAddress(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null;
}
