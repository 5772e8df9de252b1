/** What the page itself says, in English and Chinese. */

const WORDS = {
  en: {
    add_quote: "Reply to {name}",
    all_clear: "All is well again",
    announce: "{name}: {text}",
    attach: "Attach files",
    attached: "Files to be sent",
    back: "Back to the chats",
    block: "Block the bot",
    blocked: "You blocked this bot.",
    bot: "bot",
    cancel: "Cancel",
    chat_menu: "More about this chat",
    chats: "Chats",
    choose_chat: "Choose a chat to share with",
    close: "Close",
    closed_topic: "This topic is closed.",
    commands: "Commands",
    commands_hint: "Commands of the bot",
    connecting: "Connection lost. Trying again…",
    copied: "Copied",
    copy: "Copy text",
    delete: "Delete",
    delivered_by: "via @{name}",
    detach: "Leave out {name}",
    download: "Download {name}, {size}",
    drop: "Drop files here to send them",
    edit: "Edit",
    edited: "edited",
    editing: "Edit message",
    empty_chat: "Nothing here yet. Say something!",
    failed: "That did not work: {why}",
    fault_429: "Telegram says “slow down” (429)",
    fault_429_about: "The next answer is refused with a wait of 3 seconds.",
    fault_502: "Bad gateway (502)",
    fault_502_about: "The next answer fails three times on its way.",
    fault_clear: "Make everything well",
    fault_cut: "Connections cut",
    fault_cut_about: "The connection of the next answer is reset twice.",
    fault_done: "Trouble is on its way: {name}",
    fault_late: "Slow network",
    fault_late_about: "The next answer takes 2 seconds.",
    fault_outage: "Outage",
    fault_outage_about: "Telegram is gone for 5 seconds.",
    faults: "Cause trouble",
    faults_about: "Break the connection between the bot and this local Telegram, and see that the answers still come.",
    file_changed: "“{name}” has changed or is gone. Attach it again.",
    file_empty: "“{name}” is empty. Telegram sends no empty files.",
    file_folder: "“{name}” is a folder. Drop the files that are in it.",
    file_large: "“{name}” has {size}. This local Telegram takes up to {limit}.",
    file_unread: "more than the {limit} that bots can fetch",
    forum: "forum",
    general: "General",
    group: "group",
    history: "Messages",
    inline_hint: "What @{name} offers",
    inline_none: "@{name} has nothing on that",
    joined: "{name} joined the group",
    language: "中文",
    language_label: "Language: English. Switch to Chinese",
    latest: "Go to the latest message",
    latest_count: "Go to the latest message, {count} unread",
    left: "{name} left the group",
    level_error: "error",
    level_warning: "warning",
    loading: "Loading…",
    members: "{count} members",
    menu: "Menu",
    message_actions: "What to do with this message",
    message_of: "{name}, {time}",
    name_of_list: "Chats and people",
    no_answer: "The bot did not answer in time.",
    no_chat: "Choose a chat on the left.",
    no_chat_title: "A Telegram of your own",
    notice: "Notices of whoever runs this",
    ok: "OK",
    open_photo: "Open the photo",
    photo: "Photo",
    placeholder: "Write a message",
    react: "React",
    reacted: "{name} reacted with {emoji}",
    reactions: "Reactions",
    reply: "Reply",
    reveal: "Hidden text. Show it",
    send: "Send",
    show_all: "Show the whole quote",
    show_less: "Show less of the quote",
    start: "Start",
    theme: "Theme",
    theme_auto: "Like the system",
    theme_dark: "Dark",
    theme_light: "Light",
    today: "Today",
    topic_closed: "The topic was closed",
    topic_created: "{name} opened the topic “{topic}”",
    topic_reopened: "The topic was opened again",
    topics: "Topics",
    typing: "{name} is typing",
    unblock: "Unblock",
    unread: "Unread messages",
    unread_count: "{count} unread",
    what_can: "What can this bot do?",
    write_as: "Write as {name}. Choose somebody else",
    write_as_title: "Write as",
    yesterday: "Yesterday",
    you: "You",
  },
  zh: {
    add_quote: "回复{name}",
    all_clear: "一切恢复正常",
    announce: "{name}：{text}",
    attach: "添加文件",
    attached: "待发送的文件",
    back: "返回聊天列表",
    block: "屏蔽机器人",
    blocked: "你已屏蔽这个机器人。",
    bot: "机器人",
    cancel: "取消",
    chat_menu: "关于这个聊天的更多选项",
    chats: "聊天",
    choose_chat: "选择要分享到的聊天",
    close: "关闭",
    closed_topic: "这个话题已关闭。",
    commands: "命令",
    commands_hint: "机器人的命令",
    connecting: "连接已断开，正在重连……",
    copied: "已复制",
    copy: "复制文字",
    delete: "删除",
    delivered_by: "通过 @{name}",
    detach: "移除 {name}",
    download: "下载 {name}，{size}",
    drop: "把文件拖到这里发送",
    edit: "编辑",
    edited: "已编辑",
    editing: "编辑消息",
    empty_chat: "这里还没有消息，说点什么吧！",
    failed: "没有成功：{why}",
    fault_429: "Telegram 要求放慢（429）",
    fault_429_about: "下一条回答会被拒绝，要求等 3 秒。",
    fault_502: "网关错误（502）",
    fault_502_about: "下一条回答要失败三次才送到。",
    fault_clear: "全部恢复正常",
    fault_cut: "连接被切断",
    fault_cut_about: "发下一条回答时，连接会被重置两次。",
    fault_done: "故障已安排：{name}",
    fault_late: "网络缓慢",
    fault_late_about: "下一条回答要花 2 秒。",
    fault_outage: "服务中断",
    fault_outage_about: "Telegram 消失 5 秒。",
    faults: "制造故障",
    faults_about: "切断机器人和这个本地 Telegram 之间的连接，看看回答是否照样送到。",
    file_changed: "“{name}”已更改或不存在，请重新添加。",
    file_empty: "“{name}”是空的，Telegram 不发送空文件。",
    file_folder: "“{name}”是文件夹，请拖放其中的文件。",
    file_large: "“{name}”有 {size}，这个本地 Telegram 最多接收 {limit}。",
    file_unread: "超过机器人能下载的 {limit}",
    forum: "论坛",
    general: "综合",
    group: "群组",
    history: "消息记录",
    inline_hint: "@{name} 提供的内容",
    inline_none: "@{name} 没有相关内容",
    joined: "{name}加入了群组",
    language: "English",
    language_label: "语言：中文，切换到英文",
    latest: "跳到最新消息",
    latest_count: "跳到最新消息，{count} 条未读",
    left: "{name}离开了群组",
    level_error: "错误",
    level_warning: "警告",
    loading: "加载中……",
    members: "{count} 位成员",
    menu: "菜单",
    message_actions: "对这条消息的操作",
    message_of: "{name}，{time}",
    name_of_list: "聊天与联系人",
    no_answer: "机器人没有及时回应。",
    no_chat: "从左边选一个聊天。",
    no_chat_title: "你自己的 Telegram",
    notice: "运行者的通知",
    ok: "好",
    open_photo: "打开图片",
    photo: "图片",
    placeholder: "写消息",
    react: "回应",
    reacted: "{name}回应了 {emoji}",
    reactions: "回应",
    reply: "回复",
    reveal: "隐藏的文字，点按显示",
    send: "发送",
    show_all: "展开引用",
    show_less: "收起引用",
    start: "开始",
    theme: "外观",
    theme_auto: "跟随系统",
    theme_dark: "深色",
    theme_light: "浅色",
    today: "今天",
    topic_closed: "话题已关闭",
    topic_created: "{name}创建了话题“{topic}”",
    topic_reopened: "话题已重新打开",
    topics: "话题",
    typing: "{name}正在输入",
    unblock: "解除屏蔽",
    unread: "未读消息",
    unread_count: "{count} 条未读",
    what_can: "这个机器人能做什么？",
    write_as: "以{name}的身份发言，可换人",
    write_as_title: "以谁的身份发言",
    yesterday: "昨天",
    you: "你",
  },
};

let language = "en";

/** Return the language of the page, `en` or `zh`. */
export const spoken = () => language;

/** Speak a language from now on, and put it into everything that is marked to be said. */
export function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen === "zh" ? "zh-Hans" : "en";
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    label(element, say(element.dataset.label));
  }
}

/** Return what the page says, with {names} filled in. */
export function say(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Name a control for eyes that hover and for screen readers. */
export function label(element, text) {
  element.setAttribute("aria-label", text);
  element.title = text;
}

/** Return the time of day of seconds since the epoch. */
export function clock(seconds) {
  const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(language, shape).format(seconds * 1000);
}

/** Return how large a file is. */
export function sized(bytes) {
  const step = bytes < 1024 ? 0 : bytes < 1024 ** 2 ? 1 : 2;
  const shape = { maximumFractionDigits: step ? 1 : 0 };
  return `${new Intl.NumberFormat(language, shape).format(bytes / 1024 ** step)} ${["B", "KB", "MB"][step]}`;
}

/** Return the day of seconds since the epoch, as people call it. */
export function day(seconds) {
  const then = new Date(seconds * 1000);
  const midnight = new Date().setHours(0, 0, 0, 0);
  const days = Math.round((midnight - new Date(then).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return say("today");
  if (days === 1) return say("yesterday");
  const year = then.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  return new Intl.DateTimeFormat(language, { month: "long", day: "numeric", ...year }).format(then);
}
