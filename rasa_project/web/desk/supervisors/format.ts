import type { Language } from "../data/types";
import type { Step } from "./data";

const LOCALES: Record<Language, string> = { en: "en-GB", zh: "zh-CN" };

/** Writes figures as people of a language do. */
export class Format {
  private readonly locale: string;

  constructor(language: Language) {
    this.locale = LOCALES[language];
  }

  count(value: number): string {
    return value.toLocaleString(this.locale);
  }

  share(value: number): string {
    return value.toLocaleString(this.locale, { style: "percent", maximumFractionDigits: value < 0.1 ? 1 : 0 });
  }

  rating(value: number): string {
    return value.toLocaleString(this.locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  /** Seconds, in the unit in which they are best grasped. */
  time(seconds: number): string {
    if (seconds < 90) return this.unit(seconds, "second", 0);
    if (seconds < 90 * 60) return this.unit(seconds / 60, "minute", seconds < 600 ? 1 : 0);
    if (seconds < 36 * 3600) return this.unit(seconds / 3600, "hour", 1);
    return this.unit(seconds / 86_400, "day", 1);
  }

  moment(start: number, by: Step): string {
    const day: Intl.DateTimeFormatOptions = { month: "short", day: "numeric" };
    const options: Intl.DateTimeFormatOptions = by === "hour" ? { ...day, hour: "2-digit", minute: "2-digit" } : day;
    return new Date(start * 1000).toLocaleString(this.locale, options);
  }

  private unit(value: number, unit: string, digits: number): string {
    return value.toLocaleString(this.locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits });
  }
}
