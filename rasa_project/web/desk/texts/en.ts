import { presenceEn, type PresenceTexts } from "./presence";
import { filesEn, type FilesTexts } from "./files";
import { en as supervisors, type SupervisorTexts } from "./supervisors";
import { caseworkTexts, type CaseworkTexts } from "./casework";

/** Everything the desk's page says by itself. */
export interface Texts {
  desk: string;
  language: string;
  signIn: {
    title: string; intro: string; name: string; password: string; submit: string; busy: string;
    ended: string; hint: string;
  };
  choose: {
    title: string; intro: string; displayName: string; displayHint: string; password: string;
    passwordHint: string; repeat: string; differ: string; submit: string;
  };
  bar: { signOut: string; shortcuts: string; online: string; offline: string };
  offline: string;
  queue: {
    title: string; open: string; closed: string; mine: string; waiting: string; colleagues: string;
    emptyOpen: string; emptyOpenHint: string; emptyClosed: string; loading: string; waited: string;
    answerDue: string; undelivered: string; with: (agent: string) => string;
    levels: { high: string; medium: string; low: string };
  };
  conversation: {
    none: string; noneHint: string; loading: string; name: (id: number) => string; back: string;
    states: { queued: string; agent: string; mine: string; bot: string; resolved: string; abandoned: string };
    take: string; handBack: string; resolve: string; earlier: string; fetching: string; transcript: string;
    takeFirst: string; colleagueHas: (agent: string) => string; over: string;
  };
  side: { title: string; why: string; noWhy: string; mood: string; moodHint: string; noMood: string;
    facts: string; pleasant: string; unpleasant: string; handedOver: string };
  message: {
    customer: string; bot: string; system: string; you: string; sending: string; sent: string; dead: string;
    resend: string; failed: string; again: string; offered: string;
    whole: (count: number) => string;
  };
  composer: { label: string; placeholder: string; send: string; hint: string; over: (count: number) => string };
  files: FilesTexts;
  presence: PresenceTexts;
  elsewhere: {
    at: (desk: string) => string; has: (agent: string, desk: string) => string; newWindow: string;
    waiting: string; dead: string; again: string; againAt: (desk: string) => string;
    takeOver: { title: string; explain: (agent: string, desk: string) => string; submit: string };
  };
  finish: {
    note: string; noteHint: string; cancel: string;
    handBack: { title: string; explain: string; submit: string };
    resolve: { title: string; explain: string; submit: string };
  };
  shortcuts: { title: string; close: string; list: [string, string][] };
  line: LineTexts;
  emotions: Record<string, string>;
  unclear: string;
  strength: { strong: string; clear: string; slight: string };
  reasons: Record<string, (value: unknown, says: string) => string>;
  factNames: Record<string, string>;
  languages: Record<string, string>;
  errors: Record<string, (details: Record<string, unknown>) => string>;
  casework: CaseworkTexts;
  dismiss: string;
  supervisors: SupervisorTexts;
  arrived: (count: number) => string;
}

export const en: Texts = {
  desk: "Desk",
  language: "Language",
  signIn: {
    title: "Sign in to the desk",
    intro: "Customers who need a person are waiting here.",
    name: "Name",
    password: "Password",
    submit: "Sign in",
    busy: "Signing in…",
    ended: "Your session has ended. Sign in again; nothing is lost.",
    hint: "First time? Use the one-time password that was printed when the desk started.",
  },
  choose: {
    title: "Welcome! Choose your own password",
    intro: "The one-time password stops working once you have done so.",
    displayName: "Your name for customers",
    displayHint: "Shown beside what you write, for example “Li”.",
    password: "New password",
    passwordHint: "At least 10 characters.",
    repeat: "New password again",
    differ: "The two passwords are not the same. Enter them again.",
    submit: "Save and go to the desk",
  },
  bar: { signOut: "Sign out", shortcuts: "Shortcuts", online: "Live", offline: "Offline" },
  offline: "No connection to the desk. What you see may be out of date; it comes back by itself.",
  queue: {
    title: "Conversations",
    open: "At the desk",
    closed: "Closed",
    mine: "Yours",
    waiting: "Waiting for somebody",
    colleagues: "With colleagues",
    emptyOpen: "Nobody is waiting",
    emptyOpenHint: "When the assistant hands a customer over, the conversation appears here at once.",
    emptyClosed: "Nothing is closed yet.",
    loading: "Loading conversations…",
    waited: "Waiting",
    answerDue: "Answer due",
    undelivered: "Not delivered",
    with: (agent) => `With ${agent}`,
    levels: { high: "High urgency", medium: "Medium urgency", low: "Normal urgency" },
  },
  conversation: {
    none: "Choose a conversation",
    noneHint: "The most urgent one stands at the top of the list. Alt+N opens it.",
    loading: "Loading the conversation…",
    name: (id) => `Conversation ${id}`,
    back: "Back to the list",
    states: {
      queued: "Waiting",
      agent: "With a colleague",
      mine: "You have it",
      bot: "Back with the assistant",
      resolved: "Resolved",
      abandoned: "Customer left",
    },
    take: "Take conversation",
    handBack: "Hand back",
    resolve: "Resolve",
    earlier: "Show earlier messages",
    fetching: "Fetching earlier messages…",
    transcript: "Transcript",
    takeFirst: "The customer is waiting. Take the conversation to answer.",
    colleagueHas: (agent) => `${agent} is answering this customer.`,
    over: "This conversation is closed. If the customer needs a person again, it comes back as a new one.",
  },
  side: {
    title: "About this conversation",
    why: "Why it is here",
    noWhy: "The assistant gave no reason.",
    mood: "Mood",
    moodHint: "One dot a message. Above: unpleasant to pleasant. Below: how strong it was.",
    noMood: "No message with a mood yet.",
    facts: "What the assistant knows",
    pleasant: "pleasant",
    unpleasant: "unpleasant",
    handedOver: "handed over",
  },
  message: {
    customer: "Customer",
    bot: "Assistant",
    system: "Notice",
    you: "You",
    sending: "Sending…",
    sent: "Delivered",
    dead: "Not delivered: the chat server did not take it.",
    resend: "Send again",
    failed: "Not sent: the desk could not be reached.",
    again: "Try again",
    offered: "Buttons offered",
    whole: (count) => `Show all ${count.toLocaleString("en")} characters`,
  },
  files: filesEn,
  presence: presenceEn,
  composer: {
    label: "Your answer",
    placeholder: "Write an answer…",
    send: "Send",
    hint: "Enter sends, Shift+Enter starts a new line",
    over: (count) => `${count} characters too long`,
  },
  elsewhere: {
    at: (desk) => `Also in ${desk}`,
    has: (agent, desk) => `${agent} has it in ${desk}`,
    newWindow: " (opens a new tab)",
    waiting: "something is still on its way there",
    dead: "Not passed on",
    again: "Send again",
    againAt: (desk) => `Send to ${desk} again`,
    takeOver: {
      title: "Take this conversation over?",
      explain: (agent, desk) =>
        `${agent} has it in ${desk}. The customer is told that you are there now, and what ${agent} writes no longer reaches them.`,
      submit: "Take over",
    },
  },
  finish: {
    note: "Note to the customer (optional)",
    noteHint: "For example what you have settled. The customer reads it in the chat.",
    cancel: "Cancel",
    handBack: {
      title: "Hand back to the assistant?",
      explain: "The assistant greets the customer with your note and answers again.",
      submit: "Hand back",
    },
    resolve: {
      title: "Resolve this conversation?",
      explain: "The customer is told that the request is settled. If they write again, the assistant answers.",
      submit: "Resolve",
    },
  },
  shortcuts: {
    title: "Keyboard shortcuts",
    close: "Close",
    list: [
      ["Alt+N", "Open the most urgent waiting conversation"],
      ["Alt+T", "Take the open conversation"],
      ["Alt+R", "Go to the answer"],
      ["Alt+B", "Hand back to the assistant"],
      ["Alt+S", "Resolve"],
      ["Alt+P", "Assign or pass on"],
      ["Alt+Z", "Put off"],
      ["Alt+Q", "Go to the list"],
      ["↑ ↓", "Move in the list"],
      ["Enter", "Send the answer"],
      ["Alt+K", "Show these shortcuts"],
    ],
  },
  line: {
    forMe: "For you",
    others: "For other teams or languages",
    snoozed: "Put off",
    forecast: {
      title: "Outlook",
      hint: "Chance that the customer ends dissatisfied, as of the latest message",
      likely: (figure) => `Likely to end dissatisfied (${figure})`,
      possible: (figure) => `May end dissatisfied (${figure})`,
      unlikely: (figure) => `Unlikely to end dissatisfied (${figure})`,
      unknown: "Nothing is known yet.",
    },
    priority: { title: "Priority", urgent: "Urgent", high: "High", normal: "Normal", low: "Low" },
    timer: {
      first: (left) => `First answer in ${left}`,
      next: (left) => `Answer in ${left}`,
      late: (over) => `Answer overdue by ${over}`,
    },
    until: (when) => `Back at ${when}`,
    replyUntil: {
      open: (when) => `The customer's channel takes answers until ${when}.`,
      over: (when) => `The customer's channel took answers until ${when}. They have to write first.`,
    },
    contact: (contact) => `Left a contact: ${contact}`,
    noteFrom: (who) => `Note from ${who}`,
    earlier: "Earlier conversations",
    noAgent: "nobody took it",
    more: "More",
    passOn: {
      open: "Assign or pass on…",
      title: "Who takes this conversation?",
      to: "To",
      queue: "Back into the queue",
      teams: "Teams",
      colleagues: "Colleagues",
      here: "here",
      away: "away",
      load: (has, limit) => (limit === null ? `has ${has}` : `has ${has} of ${limit}`),
      note: "Note for them (optional)",
      noteHint: "The customer does not read it.",
      submit: "Pass on",
    },
    snooze: {
      open: "Put off…",
      back: "Bring back now",
      title: "Put off until",
      explain: "It comes back by itself then, or earlier when the customer writes.",
      hour: "In an hour",
      hours: "In three hours",
      tomorrow: "Tomorrow at 9",
      other: "Date and time",
      submit: "Put off",
    },
    merge: {
      open: "Merge with…",
      title: "Merge with another conversation",
      explain: "It is shown beside this one. If it is still open, it is closed and the customer hears that the answer comes here.",
      number: "Number of the other conversation",
      submit: "Merge",
    },
    alerts: {
      on: "Sound and notifications are on. Turn off",
      off: "Sound and notifications are off. Turn on",
      refused: "The browser allows no notifications for this page; the sound is on.",
      arrived: "A customer is waiting",
      handed: "A conversation was passed to you",
      wrote: "A customer wrote",
    },
  },
  emotions: {
    neutral: "Neutral",
    joy: "Joy",
    gratitude: "Gratitude",
    surprise: "Surprise",
    confusion: "Confusion",
    worry: "Worry",
    disappointment: "Disappointment",
    sadness: "Sadness",
    frustration: "Frustration",
    anger: "Anger",
  },
  unclear: "No clear mood",
  strength: { strong: "strong", clear: "clear", slight: "slight" },
  reasons: {
    human_request: () => "Asked for a person",
    sensitive_topic: (value) => `Sensitive topic: ${words(value)}`,
    intensity: (value) => `Very strong anger or frustration (${percent(value)})`,
    streak: (value) => `${words(value)} negative messages in a row`,
    fallbacks: (value) => `The assistant did not understand ${words(value)} times in a row`,
    repeats: (value) => `Came with the same concern ${words(value)} times`,
    trend: () => "The mood is getting worse",
    dissatisfaction: (value) => `Likely to end dissatisfied (${percent(value)})`,
    offer_accepted: () => "Accepted the offer of a person",
    taken_over: (value) => `Taken over by ${words(value)}`,
  },
  factNames: {},
  languages: { en: "English", zh: "Chinese" },
  errors: {
    wrong_password: () => "The name or the password is wrong.",
    locked: ({ minutes }) => `Too many failed attempts. Try again in ${words(minutes)} min.`,
    elsewhere: ({ agent, desk }) => `${words(agent)} has this conversation in ${words(desk)}.`,
    offline: () => "The desk cannot be reached. Check the connection and try again.",
  },
  casework: caseworkTexts.en,
  dismiss: "Dismiss",
  supervisors,
  arrived: (count) => (count === 1 ? "A customer is waiting." : `${count} customers are waiting.`),
};

/** What the page says of the queue: whose work it is, what is due, who takes over. */
interface LineTexts {
  forMe: string; others: string; snoozed: string;
  forecast: {
    title: string; hint: string; unknown: string;
    likely: (figure: string) => string; possible: (figure: string) => string; unlikely: (figure: string) => string;
  };
  priority: { title: string; urgent: string; high: string; normal: string; low: string };
  timer: { first: (left: string) => string; next: (left: string) => string; late: (over: string) => string };
  until: (when: string) => string;
  /** Until when the customer's channel takes answers, and what holds after that. */
  replyUntil: { open: (when: string) => string; over: (when: string) => string };
  contact: (contact: string) => string;
  noteFrom: (who: string) => string;
  earlier: string; noAgent: string; more: string;
  passOn: {
    open: string; title: string; to: string; queue: string; teams: string; colleagues: string; here: string;
    away: string; load: (has: number, limit: number | null) => string; note: string; noteHint: string; submit: string;
  };
  snooze: {
    open: string; back: string; title: string; explain: string; hour: string; hours: string; tomorrow: string;
    other: string; submit: string;
  };
  merge: { open: string; title: string; explain: string; number: string; submit: string };
  alerts: { on: string; off: string; refused: string; arrived: string; handed: string; wrote: string };
}

/** Puts a value from the server into a sentence. */
export function words(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).replaceAll("_", " ") : "?";
}

/** Writes a share of 1 as a percentage. */
export function percent(value: unknown): string {
  return typeof value === "number" ? `${Math.round(value * 100)}%` : "?";
}
