/** What the pages of supervisors say. */
export interface SupervisorTexts {
  nav: string; desk: string; live: string; figures: string; unknown: string; loading: string; nothing: string;
  empty: string; emptyHint: string; counted: (count: string) => string; fair: string; allTickets: string;
  asTable: string; csv: string; csvOf: (name: string) => string;
  pictured: (name: string, from: string, to: string, most: string) => string;
  groups: { channel: string; language: string; intent: string };
  filters: {
    title: string; period: string; first: string; last: string; by: string; all: string; zone: (name: string) => string;
    presets: { today: string; week: string; month: string; quarter: string; own: string };
    steps: { hour: string; day: string; week: string };
  };
  tiles: {
    title: string; tickets: string; abandoned: (count: string) => string; waited: string; handled: string;
    p90: (time: string) => string; recovered: string; compared: (count: string) => string; rating: string;
    happy: (share: string, count: string) => string; reopened: string; reopenedNote: string; none: string;
    noBefore: string; same: string; more: (amount: string) => string; less: (amount: string) => string;
    points: (amount: string) => string; better: string; worse: string;
  };
  cards: {
    volume: string; waited: string; handled: string; recovered: string; rating: string; reopened: string;
    emotions: string; emotionsHint: string; reasons: string; ratings: string; by: (group: string) => string;
  };
  columns: {
    tickets: string; median: string; p90: string; waitedMedian: string; waitedP90: string; handledMedian: string;
    handledP90: string; recovered: string; rating: string; reopened: string; emotion: string; arrival: string;
    end: string; reason: string; answers: string;
  };
  ratings: [string, string, string, string, string];
  survey: { title: string; open: string };
  floor: {
    intro: string; risk: string; desk: string; noRisk: string; noRiskHint: string; noDesk: string; forecast: (share: string) => string;
    ago: (time: string) => string; watch: string; watchOf: (name: string) => string; takeOver: string; takeOverBot: string;
    takeOverFrom: (agent: string) => string; confirm: string; cancel: string; explainBot: string; explainColleague: (agent: string) => string;
    watching: string; silent: string; close: string; choose: string; waiting: string; withAgent: (agent: string) => string;
    conversation: (id: string) => string; taken: (id: number, agent: string) => string;
  };
  signals: Record<string, string>;
}

export const en: SupervisorTexts = {
  nav: "Views",
  desk: "Desk",
  live: "Live",
  figures: "Figures",
  unknown: "Not known",
  loading: "Counting…",
  nothing: "Nothing in this period.",
  empty: "No conversations in this period",
  emptyHint: "Choose other days above, or fewer conditions. Conversations count on the day on which they came to the desk.",
  counted: (count) => `${count} conversations counted.`,
  fair:
    "There are no figures per agent about customers' emotions, on purpose: how customers feel says little about " +
    "the colleague who answers them, and whoever is measured by it learns to avoid upset customers.",
  allTickets: "All conversations (CSV)",
  asTable: "As a table",
  csv: "CSV",
  csvOf: (name) => `${name} as CSV`,
  pictured: (name, from, to, most) => `${name}, ${from} to ${to}, at most ${most}. The table below has every value.`,
  groups: { channel: "Channel", language: "Language", intent: "Intent" },
  filters: {
    title: "What is counted",
    period: "Period",
    first: "From",
    last: "To",
    by: "Steps",
    all: "All",
    zone: (name) => `Days are those of your time zone, ${name}.`,
    presets: { today: "Today", week: "Last 7 days", month: "Last 30 days", quarter: "Last 90 days", own: "Own dates" },
    steps: { hour: "Hour", day: "Day", week: "Week" },
  },
  tiles: {
    title: "The period at a glance",
    tickets: "Conversations",
    abandoned: (count) => `${count} left before an answer`,
    waited: "Wait for the first answer",
    handled: "Handling time",
    p90: (time) => `9 of 10 within ${time}`,
    recovered: "Mood recovered",
    compared: (count) => `of ${count} with a clear mood at both ends`,
    rating: "Satisfaction",
    happy: (share, count) => `${share} of ${count} rated good or better`,
    reopened: "Came back",
    reopenedNote: "needed the desk again within 3 days",
    none: "no data yet",
    noBefore: "nothing to compare with",
    same: "as in the period before",
    more: (amount) => `${amount} more than before`,
    less: (amount) => `${amount} less than before`,
    points: (amount) => `${amount} points`,
    better: "better",
    worse: "worse",
  },
  cards: {
    volume: "Conversations that came",
    waited: "Wait for the first answer",
    handled: "Handling time",
    recovered: "Share whose mood recovered",
    rating: "Satisfaction, 1 to 5",
    reopened: "Share that came back within 3 days",
    emotions: "Mood on arrival and at the end",
    emotionsHint: "At the end: the last clear mood before the conversation was closed.",
    reasons: "Why conversations came",
    ratings: "Ratings by customers",
    by: (group) => `By ${group.toLowerCase()}`,
  },
  columns: {
    tickets: "Conversations",
    median: "Median",
    p90: "90th percentile",
    waitedMedian: "Wait, median",
    waitedP90: "Wait, 90 %",
    handledMedian: "Handling, median",
    handledP90: "Handling, 90 %",
    recovered: "Mood recovered",
    rating: "Satisfaction",
    reopened: "Came back",
    emotion: "Mood",
    arrival: "Arrival",
    end: "End",
    reason: "Reason",
    answers: "Answers",
  },
  ratings: ["Very bad", "Bad", "OK", "Good", "Very good"],
  survey: { title: "Customer's rating", open: "Asked, no answer yet" },
  floor: {
    intro: "Conversations as they are right now. Whoever watches one is written down in the audit log; nobody in it notices.",
    risk: "With the assistant, at risk",
    desk: "At the desk",
    noRisk: "No conversation is at risk",
    noRiskHint: "Conversations with the assistant appear here when the customer is upset or likely to end dissatisfied.",
    noDesk: "Nobody is at the desk right now.",
    forecast: (share) => `${share} likely to end dissatisfied`,
    ago: (time) => `${time} ago`,
    watch: "Watch",
    watchOf: (name) => `Watch ${name}`,
    takeOver: "Take over",
    takeOverBot: "Take over from the assistant?",
    takeOverFrom: (agent) => `Take over from ${agent}?`,
    confirm: "Take over",
    cancel: "Cancel",
    explainBot: "The assistant falls silent, the customer reads that you have joined, and the conversation is yours.",
    explainColleague: (agent) => `The conversation becomes yours. ${agent} is told, and the customer reads that you have joined.`,
    watching: "Watching silently",
    silent: "Read only. The customer and your colleagues do not see that you are here.",
    close: "Stop watching",
    choose: "Choose “Watch” to read along.",
    waiting: "Waiting",
    withAgent: (agent) => `With ${agent}`,
    conversation: (id) => `Conversation ${id}`,
    taken: (id, agent) => `${agent} has taken over conversation ${id} from you.`,
  },
  signals: {
    human_request: "Asked for a person",
    sensitive_topic: "Sensitive topic",
    intensity: "Very strong anger or frustration",
    streak: "Several negative messages in a row",
    fallbacks: "Not understood several times",
    repeats: "Same concern several times",
    trend: "Mood was getting worse",
    dissatisfaction: "Likely to end dissatisfied",
    offer_accepted: "Accepted the offer of a person",
    stated: "Other reason",
    taken_over: "Taken over by a supervisor",
  },
};

export const zh: SupervisorTexts = {
  nav: "视图",
  desk: "客服台",
  live: "实时",
  figures: "数据",
  unknown: "未知",
  loading: "正在统计…",
  nothing: "此时段内没有数据。",
  empty: "此时段内没有会话",
  emptyHint: "请在上方选择其他日期，或减少筛选条件。会话按转到客服台的日期统计。",
  counted: (count) => `已统计 ${count} 个会话。`,
  fair: "这里特意不按客服人员统计客户情绪：客户的心情并不能说明接待同事的好坏；若以此考核，大家只会回避情绪激动的客户。",
  allTickets: "全部会话（CSV）",
  asTable: "以表格显示",
  csv: "CSV",
  csvOf: (name) => `${name} CSV`,
  pictured: (name, from, to, most) => `${name}，${from} 至 ${to}，最大值 ${most}。下方表格列出全部数值。`,
  groups: { channel: "渠道", language: "语言", intent: "意图" },
  filters: {
    title: "统计范围",
    period: "时段",
    first: "从",
    last: "到",
    by: "间隔",
    all: "全部",
    zone: (name) => `日期按您的时区 ${name} 计算。`,
    presets: { today: "今天", week: "最近 7 天", month: "最近 30 天", quarter: "最近 90 天", own: "自选日期" },
    steps: { hour: "小时", day: "天", week: "周" },
  },
  tiles: {
    title: "时段概览",
    tickets: "会话",
    abandoned: (count) => `${count} 个在回复前离开`,
    waited: "首次回复等待时间",
    handled: "处理时间",
    p90: (time) => `九成在 ${time}以内`,
    recovered: "情绪好转",
    compared: (count) => `共 ${count} 个首尾情绪明确的会话`,
    rating: "满意度",
    happy: (share, count) => `${count} 条评价中 ${share} 为满意以上`,
    reopened: "再次求助",
    reopenedNote: "3 天内再次转到客服台",
    none: "暂无数据",
    noBefore: "没有可比数据",
    same: "与上一时段相同",
    more: (amount) => `比上一时段多 ${amount}`,
    less: (amount) => `比上一时段少 ${amount}`,
    points: (amount) => `${amount} 个百分点`,
    better: "变好",
    worse: "变差",
  },
  cards: {
    volume: "转到客服台的会话",
    waited: "首次回复等待时间",
    handled: "处理时间",
    recovered: "情绪好转的比例",
    rating: "满意度（1 至 5）",
    reopened: "3 天内再次求助的比例",
    emotions: "到来时与结束时的情绪",
    emotionsHint: "结束时：会话关闭前最后一次明确的情绪。",
    reasons: "转人工的原因",
    ratings: "客户评价",
    by: (group) => `按${group}`,
  },
  columns: {
    tickets: "会话",
    median: "中位数",
    p90: "第 90 百分位",
    waitedMedian: "等待（中位数）",
    waitedP90: "等待（90%）",
    handledMedian: "处理（中位数）",
    handledP90: "处理（90%）",
    recovered: "情绪好转",
    rating: "满意度",
    reopened: "再次求助",
    emotion: "情绪",
    arrival: "到来",
    end: "结束",
    reason: "原因",
    answers: "评价数",
  },
  ratings: ["非常差", "差", "一般", "满意", "非常满意"],
  survey: { title: "客户评价", open: "已询问，尚未回复" },
  floor: {
    intro: "此刻正在进行的会话。查看会记入审计日志；会话中的人不会察觉。",
    risk: "助手处理中，有风险",
    desk: "在客服台",
    noRisk: "没有有风险的会话",
    noRiskHint: "客户情绪激动或很可能不满意时，与助手的会话会显示在这里。",
    noDesk: "客服台目前没有会话。",
    forecast: (share) => `不满意的可能性 ${share}`,
    ago: (time) => `${time}前`,
    watch: "查看",
    watchOf: (name) => `查看${name}`,
    takeOver: "接管",
    takeOverBot: "从助手接管？",
    takeOverFrom: (agent) => `从 ${agent} 接管？`,
    confirm: "接管",
    cancel: "取消",
    explainBot: "助手将停止发言，客户会看到您已加入，会话归您处理。",
    explainColleague: (agent) => `会话归您处理。${agent} 会收到通知，客户会看到您已加入。`,
    watching: "静默查看中",
    silent: "只读。客户和同事看不到您在查看。",
    close: "停止查看",
    choose: "点“查看”即可旁观会话。",
    waiting: "等待中",
    withAgent: (agent) => `由 ${agent} 处理`,
    conversation: (id) => `会话 ${id}`,
    taken: (id, agent) => `${agent} 接管了您的会话 ${id}。`,
  },
  signals: {
    human_request: "客户要求人工服务",
    sensitive_topic: "敏感话题",
    intensity: "情绪非常激烈",
    streak: "连续多条负面消息",
    fallbacks: "助手多次没有听懂",
    repeats: "同一问题多次提出",
    trend: "情绪越来越差",
    dissatisfaction: "很可能不满意",
    offer_accepted: "客户同意转人工",
    stated: "其他原因",
    taken_over: "由主管接管",
  },
};
