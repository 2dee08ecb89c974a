//! Every refusal has a stable code, a status, and words in both languages: what happened, what to
//! do. Each code has a page `docs/errors/<code>.md` (xtask tidy compares).

use crate::lang::Lang;

/// One code.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Such as `E1204`.
    pub id: &'static str,
    /// HTTP status of its problem document.
    pub status: u16,
    zh: (&'static str, &'static str),
    en: (&'static str, &'static str),
}

impl Code {
    /// What happened, with places `{name}`.
    pub const fn title(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh.0,
            Lang::En => self.en.0,
        }
    }

    /// What to do, with places `{name}`.
    pub const fn advice(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh.1,
            Lang::En => self.en.1,
        }
    }
}

macro_rules! codes {
    ($($name:ident $status:literal
        $zh:literal, $zh_do:literal;
        $en:literal, $en_do:literal;)*) => {
        $(
            #[doc = $en]
            pub static $name: Code = Code {
                id: stringify!($name), status: $status, zh: ($zh, $zh_do), en: ($en, $en_do),
            };
        )*
        /// All codes in order.
        pub static ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    // 10xx: the shape of a request
    E1001 400
        "提交的内容无法识别", "内容不是有效的 JSON，请检查后重新提交。";
        "The content cannot be read", "It is not valid JSON. Please check it and send it again.";
    E1002 422
        "有内容需要修改", "请按下面逐条提示修改后重新提交。";
        "Some fields need changes", "Please change the fields listed below and send again.";
    E1003 413
        "内容太大", "最多可以提交 {limit}，请减小后重试。";
        "The content is too large", "At most {limit} can be sent. Please make it smaller.";
    E1004 415
        "内容格式不支持", "请以 {wanted} 格式提交。";
        "This content type is not supported", "Please send it as {wanted}.";
    E1005 404
        "没有这个页面或接口", "请检查地址，或从首页重新进入。";
        "There is nothing at this address", "Please check the address or start from the home page.";
    E1006 405
        "这个地址不支持这种操作", "请按接口文档使用。";
        "This address does not support that method", "Please see the API document.";
    E1007 400
        "缺少防重复提交标识", "请求头 Idempotency-Key 应为 8 到 64 个字母、数字、横线或下划线。";
        "The Idempotency-Key header is missing or malformed", "Send 8 to 64 letters, digits, - or _.";
    E1008 422
        "防重复提交标识已用于另一份内容", "请换一个新的 Idempotency-Key 再提交。";
        "This Idempotency-Key was used for other content", "Please use a new key for new content.";
    E1009 428
        "缺少版本号", "请在请求头 If-Match 中给出您看到的版本。";
        "The version is missing", "Send the version you have seen in the If-Match header.";
    E1010 409
        "内容刚刚被别人更新过", "请刷新页面，看过最新内容后再操作。";
        "Somebody else has just changed this", "Please reload, look at the new state and try again.";
    E1011 400
        "编号格式不对", "请从列表中重新打开。";
        "This id is malformed", "Please open it from the list again.";
    E1012 404
        "没有找到", "它不存在，或者不在您可以查看的范围内。";
        "Not found", "It does not exist, or it is outside what you may see.";
    E1014 400
        "网址中的参数不对", "参数 {name} 不符合要求，请检查后重试。";
        "A query parameter is wrong", "Parameter {name} is not as required. Please check it.";
    E1015 400
        "请求头不对", "请求头 {name} 不符合要求，请检查后重试。";
        "A header is wrong", "Header {name} is not as required. Please check it.";

    // 105x: files on their way
    E1050 409
        "文件接不上", "已经收到 {offset} 字节，请从那里接着传。";
        "The part does not fit", "{offset} bytes are here. Please go on from there.";
    E1051 409
        "文件还没有传完", "还差 {missing} 字节，请接着传。";
        "The file is not complete", "{missing} bytes are missing. Please go on sending.";
    E1052 422
        "收到的文件和您选的不一样", "请重新选择文件，再传一次。";
        "What arrived is not the file you chose", "Please choose the file and send it again.";
    E1053 422
        "这个文件带病毒，没有收下", "查出的病毒：{virus}。请换一个文件，或带原件到窗口办理。";
        "The file carries a virus and was not taken", "Found: {virus}. Please choose another file, or come to a window.";
    E1054 409
        "这个文件还没有查毒", "查完才能打开，请过几分钟再看。";
        "The file has not been scanned for viruses yet", "It can be opened afterwards. Please try again in a few minutes.";
    E1055 409
        "这份材料的文件太多", "这份材料最多 {max} 个文件，请先删掉不要的。";
        "Too many files for this paper", "It takes at most {max} files. Please remove some first.";
    E1056 409
        "没传完的文件太多", "最多同时传 {max} 个，请等前面的传完，或取消几个。";
        "Too many unfinished uploads", "At most {max} at a time. Please wait, or cancel some.";
    E1057 422
        "一次传的内容多少不合适", "每次应传 {min} 到 {max} 字节，最后一次可以少。";
        "The part has a wrong size", "Send {min} to {max} bytes; the last part may be smaller.";
    E1058 422
        "这个文件是空的", "请重新拍照或选择文件。";
        "The file is empty", "Please take the photo again, or choose another file.";
    E1059 409
        "这个文件带病毒，已经删除", "查出病毒后文件已删除，不能打开。需要时请重新上传这份材料。";
        "The file carried a virus and was deleted", "It cannot be opened. Please upload the paper again if it is needed.";

    // 101x–103x: single fields
    E1016 408
        "上传中断了", "网络太慢，文件没有收完。请换个网络或减小文件后重新上传。";
        "The upload came to a halt", "The network is too slow. Please try another one, or a smaller file.";
    E1020 422 "必填", "请填写。"; "Required", "Please fill it in.";
    E1021 422 "太长了", "最多 {max} 个字。"; "Too long", "At most {max} characters.";
    E1022 422 "太短了", "至少 {min} 个字。"; "Too short", "At least {min} characters.";
    E1023 422 "格式不对", "请按提示的格式填写。"; "Wrong format", "Please follow the format shown.";
    E1024 422 "不在可选范围内", "请从给出的选项中选择。"; "Not one of the choices", "Please pick one of the choices.";
    E1025 422 "身份证号不对", "请核对身份证号码。"; "The citizen number is wrong", "Please compare the number.";
    E1026 422 "统一社会信用代码不对", "请核对代码。"; "The credit code is wrong", "Please compare the code.";
    E1027 422 "日期不对", "请填写真实存在的日期。"; "The date is wrong", "Please give a date that exists.";
    E1028 422 "手机号不对", "请填写 11 位手机号。"; "The mobile number is wrong", "Please give 11 digits.";
    E1029 422 "不能填写这一项", "这一项不在本事项要求之内。"; "This field is not asked for", "This item does not ask for it.";
    E1030 422 "数值超出范围", "应在 {min} 到 {max} 之间。"; "Out of range", "It must lie between {min} and {max}.";
    E1031 422 "银行账号不对", "请核对银行账号。"; "The bank account is wrong", "Please compare the number.";
    E1032 422 "类型不对", "请填写正确类型的内容。"; "Wrong type", "Please give a value of the right type.";
    E1033 422 "需要确认", "请先确认这一项。"; "Must be confirmed", "Please confirm it first.";
    E1034 422 "领取人和关系对不上", "请核对领取人身份证件和与申请人的关系：本人领取的，姓名要与申请人一致。"; "Receiver and relation do not match", "Please compare the identity card and the relation: the applicant himself has the applicant's name.";
    E1035 422 "日期不能晚于今天", "请填写已经到了的日期。"; "The day lies in the future", "Please give a day that has come.";

    // 104x: calculators
    E1040 404
        "没有这个计算器", "请从办事指南或首页重新打开，或者拨打 12333。";
        "There is no such calculator", "Open it from the guide or the home page, or call 12333.";
    E1041 422
        "按您填的内容算不出结果", "请核对填写的内容；都对的，请拨打 12333，由工作人员帮您算。";
        "This gives no result", "Please compare what you filled in. If it is right, call 12333 and a clerk works it out.";

    // 104x: standards of items
    E1043 409
        "这个事项暂停办理", "{reason}。{until}已经在办的不受影响。要帮忙请拨打 12333。";
        "This service is suspended", "{reason}. {until}Cases that run go on. For help call 12333.";
    E1044 403
        "前一步是您办的，这一步要由别人来办", "审定和发布要由两个人分别来办，请另一位有权限的同事来办。";
        "The step before was yours; somebody else takes this one", "Review and publication are done by two people. Please have another colleague do it.";
    E1045 409
        "这一版现在不能这样办", "它的状态已经变了，请刷新后再看能做什么。";
        "This cannot be done with this edition now", "Its state has changed. Please reload and see what can be done.";

    // 106x: lists
    E1060 422
        "自己的视图最多 {max} 个", "请先删除不用的视图，再添加。";
        "At most {max} views of your own", "Please delete one that you no longer use.";
    E1061 422
        "清单太长，不能导出", "一次最多导出 {max} 件。请缩小日期、事项或科室的范围后再导出。";
        "The list is too long to export", "At most {max} cases at once. Please narrow days, item or organisation.";

    // 107x: rosters
    E1070 422
        "这个文件打不开", "请上传 .xlsx 或 .csv 文件。旧版 .xls、加了密码或损坏的，请用表格软件打开后另存为 .xlsx 再传。";
        "This file cannot be read", "Please upload an .xlsx or .csv file. Open an old .xls, a protected or a damaged one and save it as .xlsx.";
    E1071 422
        "号码存成了数字，后几位已经丢失", "请把这一列设成“文本”格式，再重新填写完整的号码。";
        "The number was kept as a figure and has lost its last digits", "Set the column to text and type the whole number again.";
    E1072 409
        "没有办完的名册太多", "最多同时有 {max} 份，请先确认或删除以前的名册。";
        "Too many unfinished rosters", "At most {max} at a time. Please confirm or delete earlier ones.";
    E1073 422
        "表格里有公式、宏或者外部链接", "请全选、复制，再“只粘贴数值”到模板里，另存为 .xlsx 后重新上传。";
        "The spreadsheet has formulas, macros or links", "Copy everything, paste the values alone into the template, save it as .xlsx and upload it again.";
    E1074 422
        "表头和模板对不上", "缺少：{missing}；不认识或重复：{unknown}。请下载模板，把内容粘贴到模板里再传。";
        "The headings differ from the template", "Missing: {missing}; unknown or twice: {unknown}. Please download the template and paste your rows into it.";
    E1075 422
        "一份名册放不下这么多人", "最多 {max} 人，请分成几份上传。";
        "Too many people for one roster", "At most {max}. Please upload several rosters.";
    E1076 422
        "和前面的行重复了", "和第 {row} 行相同，请核对，删掉多余的一行。";
        "The same as an earlier row", "Row {row} has the same. Please check both and delete one.";
    E1077 422
        "系统核对不一致", "请核对后修改；确实没有填错的，请单独申报这一位，由工作人员审查。";
        "It differs from what the registers say", "Please check and correct it. If it is right, apply for this person alone and a reviewer looks at it.";
    E1078 409
        "名册现在不能这样操作", "当前是“{state}”，请刷新后查看可以做什么。";
        "The roster is not in a state for this", "It is “{state}” now. Reload to see what can be done.";
    E1079 422
        "表里没有人", "请在表头下面一人一行填写，保存后再上传。";
        "Nobody is in the spreadsheet", "Fill in one row for each person below the headings, save it and upload it again.";
    E1080 429
        "今天上传的名册太多", "一个单位一天最多上传 {max} 份，请明天再传，或到窗口办理。";
        "Too many rosters today", "One company may upload {max} in a day. Please come back tomorrow, or come to a window.";

    // 11xx: identity
    E1101 401
        "请先登录", "登录后再办理。";
        "Please sign in", "Sign in first.";
    E1102 403
        "您没有这项操作的权限", "如果工作需要，请联系本单位管理员。";
        "You may not do this", "If your work needs it, ask your administrator.";
    E1103 401
        "账号或密码不对", "请核对后重试。忘记密码可带身份证到任一窗口重置。";
        "The account or password is wrong", "Please try again. Any window resets a password; bring your identity card.";
    E1104 429
        "登录尝试过多", "为保护账号，请 {minutes} 分钟后再试。";
        "Too many attempts", "To protect the account, please wait {minutes} minutes.";
    E1105 401
        "登录已过期", "请重新登录，没保存的内容不会丢失。";
        "Your session has ended", "Please sign in again; what you saved is kept.";
    E1106 422
        "密码太简单", "至少 10 位，包含大写字母、小写字母、数字、符号中的三种，且不含账号。";
        "The password is too weak", "At least 10 characters of three kinds, without the account name.";
    E1107 403
        "您没有为这家单位办事的授权", "请联系该单位在本平台添加您为经办人。";
        "You are not an agent of this enterprise", "Ask the enterprise to add you as its agent.";
    E1108 404
        "没有这个登录方式", "请从登录页选择。";
        "There is no such identity provider", "Please choose one on the sign-in page.";
    E1109 409
        "这段时间已经有休假登记", "请先修改或取消原来的登记。";
        "There is already an absence in this period", "Change or cancel that one first.";
    E1110 422
        "代班人不合适", "代班人必须是本单位其他在岗人员。";
        "This deputy is not possible", "The deputy must be another active colleague of the same agency.";
    E1111 409
        "这个账号已经存在", "请换一个账号，或直接登录。";
        "This account exists already", "Choose another one, or sign in.";
    E1112 409
        "互斥岗位不能由一人担任", "{first}与{second}不能同时任职。";
        "Incompatible posts", "{first} and {second} must not be held by one person.";
    E1113 422
        "姓名与身份证号不一致", "请核对姓名和身份证号。";
        "Name and citizen number do not match", "Please compare both.";
    E1114 409
        "不能这样操作自己的账号", "请由另一位同事操作。";
        "You cannot change your own account this way", "A colleague must do it.";
    E1115 409
        "单位至少要有一名经办人", "请先添加另一位经办人，再移除这一位。";
        "An enterprise needs at least one agent", "Add another agent before you remove this one.";
    E1116 403
        "请设置新密码", "这是窗口给的一次性密码，请设置一个自己的新密码再登录。";
        "Choose a new password", "This is a one-time password from a window. Choose one of your own to sign in.";
    E1118 403
        "需要先核实是您本人", "为防他人冒用您的身份，请带身份证到任一窗口领取一次性密码，再用身份证号登录；也可以用登录页上的身份认证方式登录。";
        "We must first know that it is you", "So that nobody acts in your name: bring your identity card to any window for a one-time password and sign in with your citizen number, or sign in through an identity provider.";
    E1119 409
        "这个人在本单位已有工作账号", "一人一个账号。已停用的请重新启用原来的账号，不要另建。";
        "This person has a staff account in this agency", "One person, one account: if it is switched off, switch it on again.";
    E1120 422
        "人口库没有查到这个号码", "请再核对一遍证件号码。号码没有错的，数据可能还没有共享过来：请打 12333 报人口库维护，查到以后再办。";
        "The population register does not know this number", "Compare the number once more. If it is right, the data may not have arrived yet: report it to 12333 and go on when it is known.";

    // 12xx: cases
    E1201 409
        "办件现在的状态不能这样操作", "当前是“{state}”，请刷新后查看可以做什么。";
        "The case is not in a state for this", "It is “{state}” now. Reload to see what can be done.";
    E1202 409
        "受理人不能审查或决定同一办件", "请由其他人员办理（受审分离）。";
        "Who accepted a case may not review or decide it", "Another person must do it.";
    E1203 409
        "这件事风险较高，审查人不能自己决定", "请由另一位有决定权的人员办理。";
        "At this risk the reviewer may not decide", "Another authorised person must decide.";
    E1204 409
        "您是这件事的当事人或代理人", "请由其他人员办理（回避）。";
        "You are a party to this case", "Another person must handle it.";
    E1205 409
        "您已经有一件同样的事在办", "请到“我的办件”查看进度，不用重复申请。";
        "You already have one such case open", "See its progress under My cases.";
    E1206 422
        "不能要求清单之外的材料", "本事项公布的清单里没有这份材料：{material}。";
        "This paper is not on the published list", "The item does not list: {material}.";
    E1207 409
        "补正只能一次性告知", "首次告知之外的内容不能再要求补正。";
        "Corrections are told once", "What the first notice did not list cannot be asked for now.";
    E1208 422
        "补正告知不能为空", "请逐条写明材料、问题和怎么改。";
        "A correction notice needs its lines", "Name each paper, its defect and how to mend it.";
    E1209 422
        "不予受理、不予决定必须写明理由和依据", "请填写理由、法律条款和去哪里办。";
        "A refusal needs reason and article", "Give the reason, the article and where to go instead.";
    E1210 409
        "这项任务已由同事领取", "{holder}正在办理，请选择其他任务。";
        "A colleague holds this task", "{holder} is working on it. Please choose another.";
    E1211 409
        "您没有领取这项任务", "请先领取再办理。";
        "You do not hold this task", "Claim it first.";
    E1212 409
        "还有必要材料没有交齐", "缺少：{materials}。";
        "Required papers are missing", "Missing: {materials}.";
    E1213 404
        "没有这个事项，或者已经停办", "请到“办事”里重新查找。";
        "There is no such item, or it is no longer offered", "Please search again under Services.";
    E1214 409
        "超过补正期限", "期限是 {date}，请重新申请。";
        "The time for corrections has passed", "It ended on {date}. Please apply again.";
    E1215 422
        "文件内容与类型不符", "只接受 JPG、PNG 图片和 PDF 文件。";
        "The file is not what it says", "Only JPEG, PNG and PDF are accepted.";
    E1216 409
        "现场核查需要两名以上工作人员", "请由另一位核查人员确认记录。";
        "A site check needs two people", "Another checker must confirm the record.";
    E1217 409
        "材料太多", "一个办件最多 {max} 个文件。";
        "Too many files", "A case takes at most {max} files.";
    E1218 409
        "已经作出决定，不能撤回", "对结果不服可以申请行政复议或提起诉讼。";
        "It is decided and cannot be withdrawn", "You may ask for review or go to court.";
    E1219 404
        "没有查到办件", "请核对办件编号和查询码。";
        "No case found", "Please compare the case number and the query code.";
    E1220 403
        "这项事项不对您这类申请人开放", "本事项的服务对象是：{applicant}。";
        "This item is for other applicants", "It serves: {applicant}.";
    E1221 409
        "领取人签收信息不完整", "请填写领取人和签收方式。";
        "The receipt is not signed for", "Give the receiver and how he signed.";
    E1223 409
        "不能转给这个人", "请选择本单位有相应岗位、且不需要回避的在岗人员。";
        "The task cannot go to this person", "Choose an active colleague with the post who need not withdraw.";
    E1224 409
        "这件事不能由系统直接办结", "已转人工审查，请等待结果。";
        "The system cannot grant this", "A reviewer will look at it.";
    E1226 503
        "暂时查不到所需信息", "请稍后再试，或到窗口办理。";
        "A register does not answer now", "Please try later, or come to a window.";
    E1227 409
        "您办理过这件事的前面环节", "这个环节必须由另一个人办理。";
        "You did an earlier step of this case", "This step must be done by somebody else.";
    E1228 409
        "不是首次补正，需要督导人员发出", "请由大厅督导人员核实后发出。";
        "A second correction notice needs a supervisor", "Ask a supervisor to look at it and send it.";
    E1229 422
        "这份材料不能用承诺代替", "请上传材料，或到窗口提交。";
        "A promise cannot stand in for this paper", "Please upload the paper or bring it to a window.";
    E1231 409
        "已过受理期限，视为受理", "不能再退回、要求补正或不予受理；有问题请在审查环节提出。";
        "The time to accept has passed", "Silence has accepted; what speaks against it belongs into review.";
    E1232 429
        "查询次数太多", "为防止猜测，请 {minutes} 分钟后再试。登录后可以直接查看自己的办件。";
        "Too many queries", "To stop guessing, please wait {minutes} minutes. Signed in you see your cases at once.";
    E1233 409
        "已经退回审查过一次", "请直接作出决定。确需再退回的，请督导人员写明原因，把决定任务转交给您或另一位决定人。";
        "It was sent back to review once already", "Please decide. If it must go back again, a supervisor gives you or another decider the task, with a reason.";
    E1234 409
        "不予受理要由另一个人签署", "您写了这份不予受理决定，请由督导人员签署后发出。";
        "A refusal needs another person's signature", "You wrote this refusal: a supervisor signs it before it goes out.";
    E1235 409
        "这个人的这件事已经有一件在办", "不用再申请一次，等那一件办完；想知道办到哪一步，请问申请的人，或者打 12333。";
        "A case about this person is open already", "There is no need to apply again. Ask whoever applied how far it is, or call 12333.";
    E1236 409
        "您开始填写以后，这件事的办理规定更新了", "已按新的规定为您换好表格，填过的都留着。请重新核对后再提交；页面没有变的，请刷新。";
        "The rules of this item have changed since you began", "Your form has been moved to the new rules, with what you filled in. Please check it and submit again; reload if the page has not changed.";
    E1240 409
        "还没有听取另一方的意见", "另一方的答复期没有到，或者通知还没有送到。请等对方答复或者答复期届满后再办。";
        "The other party has not been heard yet", "Its time to answer runs, or its notice is not served yet. Wait for the answer or the end of its time.";
    E1241 409
        "找不到表里填的{party}", "请把名称和号码一次告诉申请人更正，更正后再受理。";
        "What the form says of the {party} leads to nobody", "Ask the applicant to correct name and number, and accept the case then.";
    E1242 409
        "答复的期限已过", "还有证据的，请带到窗口，交给办理这件事的工作人员。";
        "The time to answer has passed", "Bring what you still have to a window, for the colleague who handles the case.";
    E1243 409
        "您已经答复过了", "答复只能交一次，已经交给办理人员。有新的证据，请带到窗口。";
        "You have answered already", "An answer is given once, and the reviewer has it. Bring new evidence to a window.";
    E1244 409
        "这份文书不用再送达", "它已经送达，或者送达另有环节。请重新打开办件看一看。";
        "This paper needs no service here", "It was served already, or is served in another step. Please open the case again.";

    // 13xx: messages; 14xx: ratings
    E1301 503
        "没有接通短信服务", "消息已放进群众的消息箱，没有发短信。接通短信服务商后，以后的消息才会发短信。";
        "No SMS provider is connected", "The message is in the message box; no text was sent. Texts go out once a provider is connected.";
    E1401 409
        "现在还不能评价", "办结之后可以评价，每件事评价一次，可以追评一次。";
        "It cannot be rated now", "Ratings are open after the case is closed, once, with one addition.";
    E1402 422
        "评价标签与星级不符", "请从该星级的标签中选择。";
        "The labels do not belong to the stars", "Please pick labels of this level.";
    E1403 409
        "已经评价过", "谢谢，您的评价已经收到。";
        "You have rated this already", "Thank you, we have your rating.";

    // 16xx: operation
    E1601 409
        "这个任务没有失败，不用重发", "请刷新列表，只有失败的任务可以重发。";
        "This job is not a dead letter", "Reload the list: only failed jobs can be sent again.";

    // 19xx: us
    E1900 500
        "我们这边出了问题", "已经记录，请稍后再试。着急请拨打 12333，报编号 {request}。";
        "Something of ours is broken", "It was recorded. Please try later, or call 12333 with {request}.";
    E1901 503
        "现在办事的人太多", "请 {seconds} 秒后再试，填写的内容不会丢失。";
        "We are very busy", "Please try again in {seconds} seconds; nothing is lost.";

    // 192x: insight
    E1920 404
        "没有这个事项", "没有这个事项或领域的数据，请从列表里选。";
        "No such item", "There are no figures of this item or field. Please choose one of the list.";
    E1921 400
        "日期范围不对", "请选起止日期：截止日不早于起始日，不晚于今天，一共不超过 {max} 天。";
        "The days make no period", "Please give a first and a last day, in order, not later than today, at most {max} days.";
    E1922 403
        "看不到这个单位的数据", "您的岗位只能看本单位范围内的运行数据，请换一个单位。";
        "These figures are not yours to see", "Your posts show figures of your own organisations only. Please choose another.";
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_unique_and_have_a_client_status_unless_ours() {
        let mut seen = std::collections::BTreeSet::new();
        for code in super::ALL {
            assert!(seen.insert(code.id), "{} twice", code.id);
            assert!(
                code.status >= 400
                    && (code.status < 500 || code.id >= "E1900" || code.status == 503)
            );
        }
    }
}
