//! XML as a tree with resolved namespaces, read within limits.
//!
//! Document types and entities of the author's own are refused, so nothing can expand.

use quick_xml::{
    NsReader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
    name::{Namespace, NamespaceResolver, PrefixDeclaration, QName, ResolveResult},
};

use crate::{
    fault::{Fault, FaultKind},
    limits::{XML_ATTRIBUTES_MAX, XML_BYTES_MAX, XML_DEPTH_MAX, XML_ELEMENTS_MAX},
};

const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const YICI: &str = "https://yici.example/bpmn";

/// To which vocabulary a name belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// None: an attribute without prefix.
    Plain,
    /// BPMN 2.0.
    Bpmn,
    /// Our extensions.
    Yici,
    /// Diagrams, other vendors.
    Foreign,
}

#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) space: Space,
    pub(crate) name: Box<str>,
    pub(crate) value: Box<str>,
}

#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) space: Space,
    pub(crate) name: Box<str>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
    pub(crate) line: u32,
}

impl Element {
    /// The value of an attribute without prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.space == Space::Plain && &*attribute.name == name)
            .map(|attribute| &*attribute.value)
    }

    /// The children that belong to BPMN.
    pub(crate) fn bpmn(&self) -> impl Iterator<Item = &Element> {
        self.children
            .iter()
            .filter(|child| child.space == Space::Bpmn)
    }

    /// A fault of this element.
    pub(crate) fn fault(&self, kind: FaultKind) -> Fault {
        Fault {
            line: self.line,
            element: self.attribute("id").map(Into::into),
            kind,
        }
    }
}

/// Reads a document.
pub(crate) fn parse(xml: &str) -> Result<Element, Fault> {
    if xml.len() > XML_BYTES_MAX {
        let bytes_max = XML_BYTES_MAX;
        return Err(Fault::at(1, FaultKind::TooLarge { bytes_max }));
    }
    let mut reader = NsReader::from_str(xml);
    let mut lines = Lines::new(xml);
    let mut tree = Tree::default();
    loop {
        let line = lines.at(reader.buffer_position());
        let event = reader.read_event();
        let fail = |kind| Fault::at(line, kind);
        match event.map_err(|error| fail(not_xml(&error)))? {
            Event::Start(tag) => {
                let element = element(&tag, reader.resolver(), line).map_err(fail)?;
                tree.open(element).map_err(fail)?;
            }
            Event::Empty(tag) => {
                let element = element(&tag, reader.resolver(), line).map_err(fail)?;
                tree.open(element)
                    .and_then(|()| tree.close())
                    .map_err(fail)?;
            }
            Event::End(_) => tree.close().map_err(fail)?,
            Event::Text(text) => tree.text(&text.xml10_content()).map_err(fail)?,
            Event::CData(text) => tree.text(&text.xml10_content()).map_err(fail)?,
            Event::GeneralRef(name) => tree.text(&reference(&name).map_err(fail)?).map_err(fail)?,
            Event::DocType(_) => return Err(fail(FaultKind::Doctype)),
            Event::Eof => return tree.finish().map_err(fail),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree {
    fn open(&mut self, element: Element) -> Result<(), FaultKind> {
        self.elements += 1;
        if self.elements > XML_ELEMENTS_MAX {
            let elements_max = XML_ELEMENTS_MAX;
            return Err(FaultKind::TooManyElements { elements_max });
        }
        if self.open.len() == XML_DEPTH_MAX {
            let depth_max = XML_DEPTH_MAX;
            return Err(FaultKind::TooDeep { depth_max });
        }
        if self.root.is_some() {
            return Err(not_xml(&"more than one root element"));
        }
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self) -> Result<(), FaultKind> {
        let element = self
            .open
            .pop()
            .ok_or_else(|| not_xml(&"end without start"))?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), FaultKind> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(not_xml(&"text outside of the root element")),
        }
        Ok(())
    }

    fn finish(self) -> Result<Element, FaultKind> {
        match (self.open.last(), self.root) {
            (None, Some(root)) => Ok(root),
            (None, None) => Err(not_xml(&"no element")),
            (Some(open), _) => Err(not_xml(&format!("<{}> is not closed", open.name))),
        }
    }
}

fn element(
    tag: &BytesStart<'_>,
    resolver: &NamespaceResolver,
    line: u32,
) -> Result<Element, FaultKind> {
    let (space, name) = resolve(tag.name(), resolver.resolve_element(tag.name()).0)?;
    let mut attributes = Vec::new();
    for (count, attribute) in tag.attributes().enumerate() {
        if count == XML_ATTRIBUTES_MAX {
            let attributes_max = XML_ATTRIBUTES_MAX;
            return Err(FaultKind::TooManyAttributes { attributes_max });
        }
        let attribute = attribute.map_err(|error| not_xml(&error))?;
        let declares = attribute.key.as_namespace_binding();
        if matches!(
            declares,
            Some(PrefixDeclaration::Default | PrefixDeclaration::Named(_))
        ) {
            continue;
        }
        let space = resolver.resolve_attribute(attribute.key).0;
        let (space, name) = resolve(attribute.key, space)?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|error| not_xml(&error))?.into();
        attributes.push(Attribute { space, name, value });
    }
    Ok(Element {
        space,
        name,
        attributes,
        text: String::new(),
        children: Vec::new(),
        line,
    })
}

fn resolve(name: QName<'_>, space: ResolveResult<'_>) -> Result<(Space, Box<str>), FaultKind> {
    let space = match space {
        ResolveResult::Unbound => Space::Plain,
        ResolveResult::Bound(Namespace(BPMN)) => Space::Bpmn,
        ResolveResult::Bound(Namespace(YICI)) => Space::Yici,
        ResolveResult::Bound(_) => Space::Foreign,
        ResolveResult::Unknown(prefix) => {
            return Err(not_xml(&format!("prefix {prefix} is not declared")));
        }
    };
    Ok((space, name.local_name().into_inner().into()))
}

fn reference(name: &BytesRef<'_>) -> Result<String, FaultKind> {
    if let Some(character) = name.resolve_char_ref().map_err(|error| not_xml(&error))? {
        return Ok(character.to_string());
    }
    let name = name.xml10_content();
    resolve_predefined_entity(&name)
        .map(ToOwned::to_owned)
        .ok_or_else(|| not_xml(&format!("entity {name} is not defined")))
}

fn not_xml(detail: &impl ToString) -> FaultKind {
    FaultKind::NotXml {
        detail: detail.to_string(),
    }
}

/// Counts lines while the reader moves forward.
struct Lines<'a> {
    rest: &'a [u8],
    position: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    fn new(xml: &'a str) -> Self {
        Self {
            // The break that ends a file begins no line.
            rest: xml.strip_suffix('\n').unwrap_or(xml).as_bytes(),
            position: 0,
            line: 1,
        }
    }

    fn at(&mut self, position: u64) -> u32 {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let passed = position.saturating_sub(self.position).min(self.rest.len());
        let (passed, rest) = self.rest.split_at(passed);
        let breaks = passed.split(|byte| *byte == b'\n').skip(1).count();
        self.line = self
            .line
            .saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.position += passed.len();
        self.rest = rest;
        self.line
    }
}
