/** What the parts of a chat ask of the chat around them. */
export interface Around {
  isOnline: () => boolean;
  /** Whether the customer has the conversation before the eyes. */
  isLooking: () => boolean;
  /** Something is to be drawn anew. */
  changed: () => void;
  /** Whether the server prepares an answer. */
  working: (is: boolean) => void;
}
