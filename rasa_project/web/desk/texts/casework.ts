import type { Language } from "../data/types";

/** What the page says about notes, corrections, the library and what happened before. */
export interface CaseworkTexts {
  summary: { title: string; opening: string; telling: string; facts: string; none: string };
  tried: { title: string; none: string; intent: string; action: string; sure: (share: string) => string; handedOver: string };
  tags: { title: string; add: string; placeholder: string; remove: (tag: string) => string };
  note: { button: string; label: string; placeholder: string; save: string; cancel: string; title: string; hint: string };
  verdict: { title: string; hint: string; right: string; not_needed: string; earlier: string; by: (agent: string) => string };
  outcome: {
    title: string; none: string; detail: string; detailHint: string;
    kinds: Record<string, string>;
  };
  correct: { button: (emotion: string) => string; menu: string; corrected: string; undo: string; by: (agent: string) => string };
  slash: { list: string; found: (count: number) => string; none: string; other: string; hint: string };
  blanks: (names: string) => string;
  library: {
    button: string; title: string; explain: string; search: string; none: string; add: string; edit: string; remove: string;
    sure: (shortcut: string) => string; shortcut: string; shortcutHint: string; english: string; chinese: string;
    variables: string; emotions: string; emotionsHint: string; intents: string; intentsHint: string; save: string; back: string;
    close: string;
  };
  suggest: { title: string; library: string; past: string; insert: (number: number) => string };
  mood: {
    valence: string; intensity: string; table: string; when: string; what: string; feels: string; handover: string;
  };
  words: { button: string; title: (emotion: string) => string; loading: string; absent: string; up: string; down: string; none: string; close: string };
  shortcuts: [string, string][];
  errors: Record<string, (details: Record<string, unknown>) => string>;
}

const en: CaseworkTexts = {
  summary: {
    title: "In the customer's words",
    opening: "Came with",
    telling: "Felt most",
    facts: "Mentioned",
    none: "Nothing was written yet.",
  },
  tried: {
    title: "What the assistant tried",
    none: "Nothing was recorded.",
    intent: "understood",
    action: "did",
    sure: (share) => `${share} sure`,
    handedOver: "Handed over",
  },
  tags: { title: "Tags", add: "Add tag", placeholder: "Add a tag…", remove: (tag) => `Remove tag ${tag}` },
  note: {
    button: "Internal note",
    label: "Internal note",
    placeholder: "Only colleagues read this…",
    save: "Save note",
    cancel: "Cancel",
    title: "Internal note",
    hint: "Enter saves, Escape closes. The customer never sees it.",
  },
  verdict: {
    title: "Was a person needed?",
    hint: "Your word trains the hand-over.",
    right: "Yes",
    not_needed: "Did not need a person",
    earlier: "Should have come earlier",
    by: (agent) => `Said by ${agent}`,
  },
  outcome: {
    title: "Outcome",
    none: "Not stated",
    detail: "In your own words (optional, for colleagues)",
    detailHint: "For example what was agreed, or what is still open.",
    kinds: {
      solved: "Solved",
      advised: "Question answered",
      passed_on: "Passed on to somebody else",
      not_solved: "Could not be solved",
      no_answer: "Customer did not answer",
      mistaken: "Nothing was wrong",
    },
  },
  correct: {
    button: (emotion) => `Emotion: ${emotion}. Correct it`,
    menu: "What did the customer feel?",
    corrected: "corrected",
    undo: "Take the correction back",
    by: (agent) => `Corrected by ${agent}`,
  },
  slash: {
    list: "Answers of the library",
    found: (count) => (count === 1 ? "1 answer. Enter inserts it." : `${count} answers. Arrow keys choose, Enter inserts.`),
    none: "No answer of the library fits.",
    other: "in another language",
    hint: "/ searches the library",
  },
  blanks: (names) => `Fill in ${names} before you send`,
  library: {
    button: "Answers",
    title: "Library of answers",
    explain: "Agents type / in an answer to find these. Say what is done; claim no feelings and promise nothing.",
    search: "Search the library",
    none: "Nothing fits.",
    add: "New answer",
    edit: "Edit",
    remove: "Remove",
    sure: (shortcut) => `Remove /${shortcut} for everybody?`,
    shortcut: "Shortcut",
    shortcutHint: "Small letters, digits and hyphens; typed after a slash.",
    english: "Text in English",
    chinese: "Text in Chinese",
    variables: "{customer}, {agent}, {order_number} and other facts are filled in; what is not known the agent fills.",
    emotions: "Fits customers who feel",
    emotionsHint: "None chosen: fits everybody.",
    intents: "Fits these intents",
    intentsHint: "Names as in the assistant's training data, separated by commas.",
    save: "Save",
    back: "Back",
    close: "Close",
  },
  suggest: { title: "Suggested answers", library: "library", past: "answered before", insert: (number) => `Alt+${number}` },
  mood: {
    valence: "pleasant or unpleasant",
    intensity: "how strong",
    table: "Show as a table",
    when: "When",
    what: "Message",
    feels: "Mood",
    handover: "Handed over here",
  },
  words: {
    button: "Which words mattered?",
    title: (emotion) => `Words that spoke for ${emotion}`,
    loading: "Asking the emotion model…",
    absent: "The emotion model cannot be asked here. The chat server explains words only where Attune's classifier runs in it.",
    up: "for it",
    down: "against it",
    none: "No single word moved the result.",
    close: "Hide",
  },
  shortcuts: [
    ["/", "Search the library while writing"],
    ["Alt+I", "Write an internal note"],
    ["Alt+1 … 3", "Insert a suggested answer"],
  ],
  errors: {
    shortcut_taken: ({ shortcut }) => `There is an answer /${String(shortcut)} already.`,
  },
};

const zh: CaseworkTexts = {
  summary: { title: "客户原话摘要", opening: "来意", telling: "情绪最强的话", facts: "提到的信息", none: "客户还没有写下内容。" },
  tried: {
    title: "助手做过什么",
    none: "没有记录。",
    intent: "理解为",
    action: "执行了",
    sure: (share) => `把握 ${share}`,
    handedOver: "转人工",
  },
  tags: { title: "标签", add: "添加标签", placeholder: "添加标签…", remove: (tag) => `删除标签 ${tag}` },
  note: {
    button: "内部备注",
    label: "内部备注",
    placeholder: "只有同事能看到…",
    save: "保存备注",
    cancel: "取消",
    title: "内部备注",
    hint: "回车保存，Esc 关闭。客户看不到。",
  },
  verdict: {
    title: "这次需要人工吗？",
    hint: "您的判断用来改进转人工的时机。",
    right: "需要",
    not_needed: "不需要人工",
    earlier: "应该更早转来",
    by: (agent) => `${agent} 的判断`,
  },
  outcome: {
    title: "结果",
    none: "未填写",
    detail: "补充说明（选填，给同事看）",
    detailHint: "例如商定了什么，还有什么没办完。",
    kinds: {
      solved: "已解决",
      advised: "已解答",
      passed_on: "已转交他人",
      not_solved: "无法解决",
      no_answer: "客户没有回复",
      mistaken: "本来没有问题",
    },
  },
  correct: {
    button: (emotion) => `情绪：${emotion}。点击更正`,
    menu: "客户当时是什么情绪？",
    corrected: "已更正",
    undo: "撤回更正",
    by: (agent) => `由 ${agent} 更正`,
  },
  slash: {
    list: "常用回复",
    found: (count) => `${count} 条回复，方向键选择，回车插入。`,
    none: "没有合适的常用回复。",
    other: "其他语言",
    hint: "输入 / 查找常用回复",
  },
  blanks: (names) => `发送前请填写 ${names}`,
  library: {
    button: "常用回复",
    title: "常用回复库",
    explain: "客服在回复中输入 / 即可查找。请写已经办的事，不要假装有感受，也不要作保证。",
    search: "搜索常用回复",
    none: "没有找到。",
    add: "新建回复",
    edit: "编辑",
    remove: "删除",
    sure: (shortcut) => `为所有人删除 /${shortcut}？`,
    shortcut: "快捷词",
    shortcutHint: "小写字母、数字、汉字和连字符，输入斜杠后使用。",
    english: "英文内容",
    chinese: "中文内容",
    variables: "{customer}、{agent}、{order_number} 等会自动填入；未知的由客服填写。",
    emotions: "适合这些情绪的客户",
    emotionsHint: "不选则适合所有人。",
    intents: "适合这些意图",
    intentsHint: "与助手训练数据中的名称相同，用逗号分开。",
    save: "保存",
    back: "返回",
    close: "关闭",
  },
  suggest: { title: "推荐回复", library: "常用回复", past: "以前的回复", insert: (number) => `Alt+${number}` },
  mood: {
    valence: "愉快或不愉快",
    intensity: "强烈程度",
    table: "以表格显示",
    when: "时间",
    what: "消息",
    feels: "情绪",
    handover: "在此转人工",
  },
  words: {
    button: "哪些词起了作用？",
    title: (emotion) => `支持“${emotion}”的词`,
    loading: "正在询问情绪模型…",
    absent: "这里无法询问情绪模型：只有聊天服务器上运行 Attune 的分类器时才能解释。",
    up: "支持",
    down: "反对",
    none: "没有哪个词单独改变结果。",
    close: "收起",
  },
  shortcuts: [
    ["/", "写回复时查找常用回复"],
    ["Alt+I", "写内部备注"],
    ["Alt+1 … 3", "插入推荐回复"],
  ],
  errors: {
    shortcut_taken: ({ shortcut }) => `已有常用回复 /${String(shortcut)}。`,
    library_full: () => "常用回复库已满。",
    no_answer: () => "这条常用回复已被删除。",
    empty: () => "请先填写内容。",
    tags: () => "一个对话最多 20 个标签，每个不超过 40 个字。",
    shortcut: () => "快捷词最多 40 个小写字母、数字、汉字或连字符。",
    intents: () => "最多 20 个意图名称，名称中不能有空格。",
  },
};

export const caseworkTexts: Record<Language, CaseworkTexts> = { en, zh };
