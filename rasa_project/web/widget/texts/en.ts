/** Everything the widget says by itself. */
export interface Texts {
  title: string;
  assistant: string;
  /** Below the title while the assistant answers. */
  assistantHere: string;
  agentHere: (name: string) => string;
  connecting: string;
  offline: string;
  open: string;
  openUnread: (count: number) => string;
  close: string;
  welcome: string;
  welcomeMore: string;
  transcript: string;
  input: string;
  placeholder: string;
  hint: string;
  send: string;
  tooLong: (over: number) => string;
  typing: string;
  newMessages: string;
  you: string;
  queued: string;
  sending: string;
  failed: string;
  retry: string;
  rejected: string;
  image: string;
  opensInNewTab: string;
  replies: string;
  today: string;
  yesterday: string;
}

export const en: Texts = {
  title: "Customer service",
  assistant: "Assistant",
  assistantHere: "Automated assistant, answers at once",
  agentHere: (name) => `${name} is helping you`,
  connecting: "Connecting…",
  offline: "No connection. You can go on writing: your messages are sent as soon as it is back.",
  open: "Open the chat",
  openUnread: (count) => (count === 1 ? "Open the chat, 1 new message" : `Open the chat, ${count} new messages`),
  close: "Close the chat",
  welcome: "Hello! How can we help?",
  welcomeMore: "Ask about an order, a return or a bill. Where a person can help better, one takes over here.",
  transcript: "Conversation",
  input: "Your message",
  placeholder: "Write a message…",
  hint: "Enter sends, Shift+Enter starts a new line",
  send: "Send",
  tooLong: (over) => `Too long by ${over} characters. Please split your message.`,
  typing: "The answer is being prepared",
  newMessages: "New messages",
  you: "You",
  queued: "Waiting for the connection",
  sending: "Sending",
  failed: "Not sent.",
  retry: "Try again",
  rejected: "This message could not be accepted.",
  image: "Picture",
  opensInNewTab: "opens in a new tab",
  replies: "Suggested replies",
  today: "Today",
  yesterday: "Yesterday",
};
