/** What the later parts say; a page's JSON file may replace any of it as well. */

export const moreEn = {
  recording: "Recording",
  recordCancel: "Discard the recording",
  recordDone: "Add the recording to the message",
  voiceName: "Voice message, {seconds} s",
  micDenied: "Your browser does not let this page use the microphone. Allow it beside the address, or write instead.",
  micMissing: "No microphone was found.",
  micFailed: "The recording did not work. Please try again, or write instead.",
  hours: "Opening hours",
  leave: "Leave a message",
  leaveText: "What is it about?",
  leaveContact: "E-mail or phone number (if you like)",
  contact: "Contact",
  contactWrong: "Please check the address or number.",
  leaveSend: "Leave the message",
  leaveWaits: "It is sent as soon as the connection is back.",
  left: "Your message is with our team. The answer comes in this chat.",
};

export type MoreTexts = typeof moreEn;

const moreZh: MoreTexts = {
  recording: "正在录音",
  recordCancel: "放弃录音",
  recordDone: "将录音加入消息",
  voiceName: "语音消息，{seconds} 秒",
  micDenied: "浏览器不允许本页面使用麦克风。请在地址栏旁允许使用，或改为输入文字。",
  micMissing: "没有找到麦克风。",
  micFailed: "录音失败，请重试或改为输入文字。",
  hours: "服务时间",
  leave: "留言",
  leaveText: "请说明您的问题",
  leaveContact: "邮箱或电话（选填）",
  contact: "联系方式",
  contactWrong: "请检查邮箱或电话号码。",
  leaveSend: "提交留言",
  leaveWaits: "恢复连接后会自动发送。",
  left: "您的留言已送达客服，回复会显示在此对话中。",
};

export function moreTextsFor(language: string): MoreTexts {
  return language.startsWith("zh") ? moreZh : moreEn;
}
