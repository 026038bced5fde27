import type { Language } from "../data/types";

/** Writes a duration for a clock that runs on: 0:42, 12:05, 3:07:00. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (parts[0] === 0) parts.shift();
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** Writes when something was said: the time, with the day where that is not today. */
export function moment(timestamp: number, language: Language): string {
  const date = new Date(timestamp * 1000);
  const today = date.toDateString() === new Date().toDateString();
  const day: Intl.DateTimeFormatOptions = today ? {} : { month: "short", day: "numeric" };
  const options: Intl.DateTimeFormatOptions = { ...day, hour: "2-digit", minute: "2-digit" };
  return date.toLocaleString(language === "zh" ? "zh-CN" : "en-GB", options);
}
