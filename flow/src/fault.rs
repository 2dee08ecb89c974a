//! Faults of a model: what is wrong, at which element, in which line, in the reader's language.

use kernel::Lang;

use crate::ids::ElementId;

/// One fault of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line of the file, from 1.
    pub line: u32,
    /// The element's id, if it has one.
    pub element: Option<ElementId>,
    /// What is wrong.
    pub kind: FaultKind,
}

impl Fault {
    pub(crate) const fn at(line: u32, kind: FaultKind) -> Self {
        Self {
            line,
            element: None,
            kind,
        }
    }
}

macro_rules! faults {
    ($(
        $(#[$doc:meta])*
        $name:ident $({ $($(#[$field_doc:meta])* $field:ident: $kind:ty),* })? $zh:literal, $en:literal;
    )*) => {
        /// What can be wrong with a model.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum FaultKind {
            $($(#[$doc])* $name $({ $($(#[$field_doc])* $field: $kind),* })?,)*
        }

        impl FaultKind {
            /// What is wrong, in the reader's language.
            pub fn words(&self, lang: Lang) -> String {
                match (self, lang) {
                    $((Self::$name $({ $($field),* })?, Lang::Zh) => format!($zh),
                    (Self::$name $({ $($field),* })?, Lang::En) => format!($en),)*
                }
            }
        }
    };
}

faults! {
    /// The file is larger than allowed.
    TooLarge {
        /// How many bytes are allowed.
        bytes_max: usize
    } "文件超过 {bytes_max} 字节", "the file is larger than {bytes_max} bytes";
    /// Elements are nested deeper than allowed.
    TooDeep {
        /// How deep is allowed.
        depth_max: usize
    } "元素嵌套超过 {depth_max} 层", "elements are nested deeper than {depth_max}";
    /// There are more elements than allowed.
    TooManyElements {
        /// How many are allowed.
        elements_max: usize
    } "元素超过 {elements_max} 个", "there are more than {elements_max} elements";
    /// An element has more attributes than allowed.
    TooManyAttributes {
        /// How many are allowed.
        attributes_max: usize
    } "一个元素的属性超过 {attributes_max} 个", "an element has more than {attributes_max} attributes";
    /// The process has more nodes than allowed.
    TooManyNodes {
        /// How many are allowed.
        nodes_max: usize
    } "流程超过 {nodes_max} 个节点", "the process has more than {nodes_max} nodes";
    /// The file is not well-formed XML.
    NotXml {
        /// What the reader met.
        detail: String
    } "不是格式正确的 XML：{detail}", "not well-formed XML: {detail}";
    /// The file has a document type definition.
    Doctype "不允许文档类型定义（DOCTYPE）", "document type definitions are refused";
    /// The root element is not `definitions` of BPMN 2.0.
    NotBpmn "根元素不是 BPMN 2.0 的 definitions", "the root element is not definitions of BPMN 2.0";
    /// The file has no process.
    NoProcess "文件中没有流程", "the file has no process";
    /// The file has no process of this id.
    NoSuchProcess {
        /// The id that was asked for.
        process: String
    } "文件中没有流程 {process}", "the file has no process {process}";
    /// The file has several processes and not exactly one is executable.
    ChooseProcess {
        /// Their ids.
        processes: String
    } "文件中有多个流程，请指定一个：{processes}", "the file has several processes, choose one of: {processes}";
    /// A process, node or flow has no id.
    MissingId {
        /// The element's name, such as `userTask`.
        what: String
    } "{what} 没有 id", "{what} has no id";
    /// An id stands twice.
    DuplicateId {
        /// Where it stands first.
        first_line: u32
    } "id 重复，第 {first_line} 行已使用", "the id is used already in line {first_line}";
    /// A task has no name: people would not know what it is.
    MissingName "任务没有名称", "the task has no name";
    /// A reference leads nowhere.
    Dangling {
        /// Where the reference stands, such as `targetRef`.
        reference: String,
        /// The id that does not exist.
        target: String
    } "{reference} 指向不存在的 {target}", "{reference} refers to {target}, which does not exist";
    /// The element is valid BPMN but cannot be executed yet.
    NotExecutable {
        /// Its name, such as `parallelGateway`.
        what: String
    } "{what} 暂不能执行", "{what} is not executable yet";
    /// There is no start event.
    NoStart "没有开始事件", "there is no start event";
    /// There is more than one start event without trigger.
    SeveralStarts {
        /// The first one.
        first: ElementId
    } "有多个无触发的开始事件，第一个是 {first}", "there are several start events without trigger, the first is {first}";
    /// A flow enters a start event.
    StartEntered {
        /// The flow.
        flow: ElementId
    } "开始事件不能有进入的顺序流 {flow}", "flow {flow} enters a start event";
    /// A flow leaves an end event.
    EndLeft {
        /// The flow.
        flow: ElementId
    } "结束事件不能有离开的顺序流 {flow}", "flow {flow} leaves an end event";
    /// The node cannot be reached from the start event.
    Unreachable "从开始事件无法到达", "it cannot be reached from the start event";
    /// No end event can be reached from the node.
    NoWayToEnd "从这里无法到达结束事件", "no end event can be reached from here";
    /// A flow that is one of several exits of an exclusive gateway has neither condition nor is it
    /// the default.
    NoCondition {
        /// The gateway.
        gateway: ElementId
    } "排他网关 {gateway} 的这条顺序流既没有条件，也不是默认流", "this exit of exclusive gateway {gateway} has no condition and is not the default";
    /// A condition is not a valid FEEL expression.
    BadCondition {
        /// What the parser met.
        detail: String
    } "条件表达式有误：{detail}", "the condition is not a valid expression: {detail}";
    /// A loop passes no node that waits: it would run forever.
    LoopWithoutWait {
        /// The nodes of the loop.
        nodes: String
    } "循环中没有等待节点，会无限运行：{nodes}", "this loop passes no node that waits: {nodes}";
    /// An attribute or element of our namespace is unknown, or does not belong to this element.
    UnknownExtension {
        /// Its name.
        name: String
    } "yici:{name} 不存在，或不能用在这里", "yici:{name} is unknown or does not belong here";
    /// An attribute of our namespace is missing.
    MissingExtension {
        /// Its name.
        name: String
    } "缺少 yici:{name}", "yici:{name} is missing";
    /// An attribute of our namespace has a value that is not allowed.
    BadExtension {
        /// Its name.
        name: String,
        /// The value.
        value: String,
        /// What would be allowed.
        wanted: String
    } "yici:{name} 的值 {value} 不对，应为 {wanted}", "yici:{name} is {value}, it must be {wanted}";
    /// `exclude` names something that is not a user task before this one.
    NotEarlier {
        /// What it names.
        task: String
    } "yici:exclude 中的 {task} 不是此前的用户任务", "yici:exclude names {task}, which is not an earlier user task";
}
