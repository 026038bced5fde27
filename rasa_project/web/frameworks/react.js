/** A React page with the chat in it, for the tests: it comes and goes, and its heading changes. */

import { createElement as h, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

function Page() {
  const [shown, setShown] = useState(true);
  const [side, setSide] = useState("right");
  const [heard, setHeard] = useState([]);
  const hear = ({ detail }) => { setHeard((before) => [...before, detail.text]); };
  const chat = h("attune-chat", { opened: true, heading: "In React", position: side, "onattune-message": hear });
  return h("div", null,
    h("button", { onClick: () => { setShown(!shown); } }, "Show or hide"),
    h("button", { onClick: () => { setSide("left"); } }, "To the left"),
    h("output", null, heard.join("|")),
    shown && chat);
}

createRoot(document.getElementById("page")).render(h(StrictMode, null, h(Page)));
