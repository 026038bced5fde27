/** The chat's file beside the launcher's, with what tells its versions apart; set by the build. */
declare const __CHAT_FILE__: string;
/** Likewise what the chat fetches later. */
declare const __MORE_FILE__: string;
