import type { ApiError } from "../data/api";
import type { Language } from "../data/types";
import { words } from "./en";

/** What the pages about people, tokens and the audit log say. */
export interface OfficeTexts {
  title: string; close: string; loading: string; save: string; saved: string; never: string; again: string;
  tabs: { you: string; people: string; tokens: string; log: string };
  roles: Record<string, string>;
  you: {
    name: string; nameHint: string; password: string; current: string; next: string; nextHint: string; sessions: string;
    sessionsHint: string; current_session: string; seen: (when: string) => string; end: string; everywhere: string;
    openid: string;
  };
  people: {
    add: string; name: string; nameHint: string; role: string; email: string; emailHint: string; submit: string;
    once: (name: string) => string; onceHint: string; list: string; disabled: string; service: string; oneTime: string;
    open: (count: number) => string; seen: (when: string) => string; disable: string; reallyDisable: string;
    enable: string; reset: string; roleOf: (name: string) => string;
  };
  tokens: {
    intro: string; name: string; nameHint: string; role: string; days: string; service: string; serviceHint: string;
    submit: string; once: string; onceHint: string; list: string; none: string; revoke: string; reallyRevoke: string;
    of: (owner: string) => string; until: (when: string) => string; used: (when: string) => string;
  };
  log: {
    actor: string; action: string; all: string; ticket: string; first: string; last: string; show: string; csv: string; none: string; more: string;
    when: string; who: string; how: string; what: string; details: string; caption: string;
    conversation: (id: number) => string;
  };
  actions: Record<string, string>;
  errors: Record<string, (details: Record<string, unknown>) => string>;
}

const en: OfficeTexts = {
  title: "Account and access",
  close: "Close",
  loading: "Loading…",
  save: "Save",
  saved: "Saved.",
  never: "never",
  again: "Try again",
  tabs: { you: "You", people: "People", tokens: "Tokens", log: "Audit log" },
  roles: { agent: "Agent", supervisor: "Supervisor", admin: "Admin" },
  you: {
    name: "Your name for customers",
    nameHint: "They read it beside what you write.",
    password: "Change your password",
    current: "Current password",
    next: "New password",
    nextHint: "At least 10 characters. You stay signed in here and are signed out everywhere else.",
    sessions: "Where you are signed in",
    sessionsHint: "If you do not know one of these, end it and change your password.",
    current_session: "This browser",
    seen: (when) => `Last used ${when}`,
    end: "End",
    everywhere: "Sign out everywhere",
    openid: "You sign in with your company account, so there is no password here.",
  },
  people: {
    add: "Let somebody in",
    name: "Name to sign in with",
    nameHint: "Small letters, digits, dots and hyphens.",
    role: "Role",
    email: "E-mail (optional)",
    emailHint: "By which a company account is recognised.",
    submit: "Add",
    once: (name) => `One-time password of ${name}`,
    onceHint: "It is shown only now. It must be changed at the first sign-in.",
    list: "Everybody",
    disabled: "Disabled",
    service: "Service",
    oneTime: "Has not chosen a password yet",
    open: (count) => (count === 1 ? "1 open conversation" : `${count} open conversations`),
    seen: (when) => `Last seen ${when}`,
    disable: "Disable",
    reallyDisable: "Really disable?",
    enable: "Enable",
    reset: "New one-time password",
    roleOf: (name) => `Role of ${name}`,
  },
  tokens: {
    intro: "Programs sign in with a token. It can do what its role can, and never more than its owner.",
    name: "What it is for",
    nameHint: "For example “weekly report”.",
    role: "Role",
    days: "Good for (days)",
    service: "For a service (optional)",
    serviceHint: "The name of a program that works on its own, such as “crm”; empty for yourself.",
    submit: "Make a token",
    once: "The new token",
    onceHint: "Copy it now; nobody can see it again.",
    list: "Tokens",
    none: "There is no token.",
    revoke: "End",
    reallyRevoke: "Really end?",
    of: (owner) => `Of ${owner}`,
    until: (when) => `Until ${when}`,
    used: (when) => `Last used ${when}`,
  },
  log: {
    actor: "Who",
    action: "What",
    all: "Everything",
    ticket: "Conversation number",
    first: "From",
    last: "To",
    show: "Show",
    csv: "Save as CSV",
    none: "Nothing fits.",
    more: "Show earlier",
    when: "When",
    who: "Who",
    how: "How",
    what: "What",
    details: "Details",
    caption: "Who saw and did what, the latest first",
    conversation: (id) => `Conversation ${id}`,
  },
  actions: {
    sign_in: "Signed in", sign_in_failed: "Failed to sign in", sign_out: "Signed out",
    sign_out_everywhere: "Signed out everywhere", end_session: "Ended a session", opened: "Looked at a conversation",
    claim: "Took a conversation", answer: "Answered", hand_back: "Handed back", resolve: "Resolved",
    resend: "Sent a message again", password_chosen: "Chose a password", password_changed: "Changed their password",
    password_reset: "Made a one-time password", renamed: "Changed their name", person_added: "Let somebody in",
    person_disabled: "Disabled somebody", person_enabled: "Enabled somebody", role_changed: "Changed a role",
    email_changed: "Changed an e-mail", service_added: "Added a service", token_made: "Made a token",
    token_revoked: "Ended a token", audit_exported: "Exported the audit log", figures_exported: "Exported figures",
    openid_bound: "Connected a company account", pass_on: "Passed on", priority: "Set the priority", snooze: "Put off",
    merge: "Merged conversations", note: "Left a note", tag: "Changed tags", judge: "Judged a handoff",
    correct: "Corrected an emotion", take_over: "Took over from another desk", take_from_bot: "Took over from the assistant",
    take_from_colleague: "Took over from a colleague", send_there_again: "Sent to another desk again",
    add_answer: "Added an answer", change_answer: "Changed an answer", remove_answer: "Removed an answer",
    set_work: "Changed somebody's work", add_file: "Added a file", opened_file: "Opened a file",
    conversation_watched: "Read along", customer_erased: "Erased a customer",
  },
  errors: {},
};

const zh: OfficeTexts = {
  title: "账户与权限",
  close: "关闭",
  loading: "正在加载…",
  save: "保存",
  saved: "已保存。",
  never: "从未",
  again: "重试",
  tabs: { you: "我的账户", people: "成员", tokens: "令牌", log: "审计日志" },
  roles: { agent: "客服", supervisor: "主管", admin: "管理员" },
  you: {
    name: "客户看到的名字",
    nameHint: "显示在您的消息旁。",
    password: "修改密码",
    current: "当前密码",
    next: "新密码",
    nextHint: "至少 10 个字符。此处保持登录，其他地方会全部退出。",
    sessions: "已登录的位置",
    sessionsHint: "如有不认识的登录，请结束它并修改密码。",
    current_session: "当前浏览器",
    seen: (when) => `最近使用：${when}`,
    end: "结束",
    everywhere: "在所有位置退出",
    openid: "您使用公司账号登录，此处没有密码。",
  },
  people: {
    add: "添加成员",
    name: "登录用户名",
    nameHint: "小写字母、数字、点和连字符。",
    role: "角色",
    email: "邮箱（可选）",
    emailHint: "用于识别公司账号。",
    submit: "添加",
    once: (name) => `${name} 的一次性密码`,
    onceHint: "仅显示这一次，首次登录时必须修改。",
    list: "全部成员",
    disabled: "已停用",
    service: "服务",
    oneTime: "尚未设置自己的密码",
    open: (count) => `${count} 个进行中的会话`,
    seen: (when) => `最近在线：${when}`,
    disable: "停用",
    reallyDisable: "确定停用？",
    enable: "启用",
    reset: "新的一次性密码",
    roleOf: (name) => `${name} 的角色`,
  },
  tokens: {
    intro: "程序使用令牌登录。令牌的权限取决于其角色，且不超过其所有者。",
    name: "用途",
    nameHint: "例如“每周报表”。",
    role: "角色",
    days: "有效天数",
    service: "用于服务（可选）",
    serviceHint: "独立运行的程序名称，例如“crm”；为自己创建时留空。",
    submit: "创建令牌",
    once: "新令牌",
    onceHint: "请立即复制，之后无法再次查看。",
    list: "令牌",
    none: "还没有令牌。",
    revoke: "停用",
    reallyRevoke: "确定停用？",
    of: (owner) => `所有者：${owner}`,
    until: (when) => `有效期至 ${when}`,
    used: (when) => `最近使用：${when}`,
  },
  log: {
    actor: "操作者",
    action: "操作",
    all: "全部",
    ticket: "会话编号",
    first: "开始日期",
    last: "结束日期",
    show: "查询",
    csv: "导出 CSV",
    none: "没有符合条件的记录。",
    more: "显示更早的记录",
    when: "时间",
    who: "操作者",
    how: "方式",
    what: "操作",
    details: "详情",
    caption: "谁看了什么、做了什么，最新的在最前",
    conversation: (id) => `会话 ${id}`,
  },
  actions: {
    sign_in: "登录", sign_in_failed: "登录失败", sign_out: "退出", sign_out_everywhere: "在所有位置退出",
    end_session: "结束登录", opened: "查看会话", claim: "接入会话", answer: "回复", hand_back: "交回助手",
    resolve: "标为已解决", resend: "重新发送消息", password_chosen: "设置密码", password_changed: "修改密码",
    password_reset: "生成一次性密码", renamed: "修改名字", person_added: "添加成员", person_disabled: "停用成员",
    person_enabled: "启用成员", role_changed: "更改角色", email_changed: "更改邮箱", service_added: "添加服务",
    token_made: "创建令牌", token_revoked: "停用令牌", audit_exported: "导出审计日志", figures_exported: "导出统计数据",
    openid_bound: "关联公司账号",
    pass_on: "转交会话", priority: "设置优先级", snooze: "暂缓会话", merge: "合并会话", note: "添加内部备注", tag: "修改标签",
    judge: "评判转人工", correct: "修正情绪", take_over: "从其他客服台接管", take_from_bot: "从助手处接管",
    take_from_colleague: "从同事处接管", send_there_again: "重新发送到其他客服台", add_answer: "添加常用回复",
    change_answer: "修改常用回复", remove_answer: "删除常用回复", set_work: "修改工作范围", add_file: "添加文件",
    opened_file: "打开文件", conversation_watched: "旁听会话", customer_erased: "删除客户数据",
  },
  errors: {
    last_admin: () => "这是最后一位管理员，请先指定另一位管理员。",
    name_taken: () => "此用户名已存在。",
    name: () => "用户名最多 40 个字符，只能包含小写字母、数字、点、连字符和下划线。",
    email: () => "邮箱地址无效。",
    email_taken: () => "此邮箱已被其他成员使用。",
    current_password: () => "当前密码不正确。",
    token_name: ({ maximum }) => `请填写令牌用途，最多 ${words(maximum)} 个字符。`,
    token_days: ({ maximum }) => `有效期为 1 到 ${words(maximum)} 天。`,
    too_many_tokens: () => "令牌过多，请先停用一个。",
    no_person: () => "找不到此成员。",
    no_session: () => "此登录已结束。",
    role: () => "您的角色没有此权限。",
    service: () => "服务没有密码，请使用令牌。",
  },
};

const ALL: Record<Language, OfficeTexts> = { en, zh };

export function officeTexts(language: Language): OfficeTexts {
  return ALL[language];
}

/** What the door says of company accounts. */
export const openIdTexts: Record<Language, { with: (label: string) => string; or: string; refused: Record<string, string> }> = {
  en: {
    with: (label) => `Sign in with ${label}`,
    or: "or",
    refused: {
      openid_unknown: "The desk does not know you. Ask an admin to add your e-mail address.",
      openid_disabled: "You can no longer sign in here. Ask an admin.",
      openid_state: "The sign-in took too long or began elsewhere. Try again.",
      openid_refused: "The sign-in was cancelled. Try again.",
      openid_provider: "The company's sign-in did not work. Try again, or ask an admin.",
    },
  },
  zh: {
    with: (label) => `使用 ${label} 登录`,
    or: "或",
    refused: {
      openid_unknown: "客服台不认识此账号，请联系管理员添加您的邮箱。",
      openid_disabled: "您已无法在此登录，请联系管理员。",
      openid_state: "登录超时或不是从此浏览器开始，请重试。",
      openid_refused: "登录已取消，请重试。",
      openid_provider: "公司账号登录失败，请重试或联系管理员。",
    },
  },
};

/** Words a refusal; `general` knows the ones that the whole desk has. */
export function refusal(texts: OfficeTexts, error: ApiError, general: (error: ApiError) => string): string {
  return texts.errors[error.code]?.(error.details) ?? general(error);
}
