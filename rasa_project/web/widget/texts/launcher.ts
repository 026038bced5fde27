/** What the widget says before the chat itself has been fetched. */
export const launcherEn = {
  open: "Open the chat",
  openUnreadOne: "Open the chat, 1 new message",
  openUnread: "Open the chat, {count} new messages",
  close: "Close the chat",
  loadFailed: "The chat could not be loaded. Please try again.",
  greetingFrom: "Customer service",
  dismiss: "Dismiss",
};

export type LauncherTexts = typeof launcherEn;

export const launcherZh: LauncherTexts = {
  open: "打开聊天窗口",
  openUnreadOne: "打开聊天窗口，1 条新消息",
  openUnread: "打开聊天窗口，{count} 条新消息",
  close: "关闭聊天窗口",
  loadFailed: "聊天窗口加载失败，请重试。",
  greetingFrom: "在线客服",
  dismiss: "关闭",
};
