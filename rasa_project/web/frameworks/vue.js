/** A Vue page with the chat in it, for the tests: it comes and goes, and its heading changes. */

import { createApp, h, ref } from "vue";

const Page = {
  setup() {
    const shown = ref(true);
    const side = ref("right");
    const heard = ref([]);
    const hear = ({ detail }) => { heard.value = [...heard.value, detail.text]; };
    return () => h("div", null, [
      h("button", { onClick: () => { shown.value = !shown.value; } }, "Show or hide"),
      h("button", { onClick: () => { side.value = "left"; } }, "To the left"),
      h("output", null, heard.value.join("|")),
      shown.value && h("attune-chat", { opened: true, heading: "In Vue", position: side.value, "onAttuneMessage": hear }),
    ]);
  },
};

createApp(Page).mount("#page");
