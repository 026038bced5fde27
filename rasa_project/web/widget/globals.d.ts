/** The chat's file beside the launcher's, with what tells its versions apart; set by the build. */
declare const __CHAT_FILE__: string;
