/** Texts about files, in both languages. */

export interface FilesTexts {
  title: string;
  add: string;
  remove: (name: string) => string;
  ready: string;
  newWindow: string;
  notHere: string;
  tooLarge: (most: string) => string;
  tooMany: (count: number) => string;
  kind: string;
  /** By kind. */
  kinds: Partial<Record<string, string>>;
  /** Why no files can be sent here. */
  none: Partial<Record<string, string>>;
  /** By the code of the refusal. */
  refused: Partial<Record<string, string>>;
}

export const filesEn: FilesTexts = {
  title: "Files",
  add: "Attach files",
  remove: (name) => `Remove ${name}`,
  ready: "attached",
  newWindow: " (opens a new tab)",
  notHere: "kept by the customer's app; it cannot be opened here",
  tooLarge: (most) => `too large; ${most} are allowed`,
  tooMany: (count) => `at most ${count} at a time`,
  kind: "files of this kind cannot be sent",
  kinds: { image: "Picture", audio: "Voice message", video: "Video", file: "File", sticker: "Sticker", contact: "Contact", other: "Attachment" },
  none: {
    channel: "This customer's channel takes no files.",
    public_url: "This customer's channel fetches files by a public address, and none is set (files.public_url).",
    not_here: "Files cannot be sent: the chat's server takes none.",
    unreachable: "The chat's server cannot be reached, so files cannot be sent now.",
  },
  refused: {
    file_type: "Files of this kind cannot be sent.",
    file_too_large: "This file is too large.",
    file_empty: "This file is empty.",
    file_infected: "Something harmful was found in this file.",
    file_unscanned: "This file cannot be checked right now.",
    file_quota: "Too much was sent in this conversation within a day.",
    file_not_here: "The chat's server takes no files.",
    files_unreachable: "The chat's server cannot be reached.",
  },
};

export const filesZh: FilesTexts = {
  title: "文件",
  add: "添加文件",
  remove: (name) => `移除 ${name}`,
  ready: "已添加",
  newWindow: "（在新标签页中打开）",
  notHere: "保存在客户的应用中，无法在这里打开",
  tooLarge: (most) => `太大了，最大允许 ${most}`,
  tooMany: (count) => `一次最多 ${count} 个`,
  kind: "无法发送这种类型的文件",
  kinds: { image: "图片", audio: "语音", video: "视频", file: "文件", sticker: "表情", contact: "名片", other: "附件" },
  none: {
    channel: "该客户的渠道不支持接收文件。",
    public_url: "该客户的渠道需要通过公网地址获取文件，但尚未设置（files.public_url）。",
    not_here: "无法发送文件：聊天服务器不接收文件。",
    unreachable: "无法连接聊天服务器，暂时不能发送文件。",
  },
  refused: {
    file_type: "无法发送这种类型的文件。",
    file_too_large: "文件太大了。",
    file_empty: "这个文件是空的。",
    file_infected: "在这个文件中发现了有害内容。",
    file_unscanned: "暂时无法检查这个文件。",
    file_quota: "该对话一天之内发送的文件太多了。",
    file_not_here: "聊天服务器不接收文件。",
    files_unreachable: "无法连接聊天服务器。",
  },
};
