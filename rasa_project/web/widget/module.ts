/** The ES module: makes `<attune-chat>` known and leaves it to the page to place it. */

import { define } from "./element";

export { api as Attune } from "./api";
export { AttuneChat } from "./element";

define(import.meta.url);
