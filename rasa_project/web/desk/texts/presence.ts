/** Texts about who is there, in both languages. */

export interface PresenceTexts {
  online: string;
  away: string;
  writes: string;
  read: string;
  delivered: string;
}

export const presenceEn: PresenceTexts = {
  online: "The customer is here",
  away: "The customer is not here now",
  writes: "The customer is writing…",
  read: "has read your answer",
  delivered: "has received your answer",
};

export const presenceZh: PresenceTexts = {
  online: "客户在线",
  away: "客户目前不在线",
  writes: "客户正在输入…",
  read: "已读您的回复",
  delivered: "您的回复已送达",
};
