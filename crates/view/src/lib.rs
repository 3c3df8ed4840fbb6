//! The `view!` macro of Switchboard's views: Leptos' syntax for elements, made into one static
//! string that says what the document gets, and the values that fill its places.
//!
//! Leptos' own macro makes a type of each view and compiles what handles it once more for each:
//! that was half of the app's code. What this one makes is handled by one function
//! (`switchboard::view::build`), whatever the view.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use rstml::node::{KeyedAttribute, Node, NodeAttribute, NodeElement};
use rstml::{Parser, ParserConfig};
use syn::spanned::Spanned;
use syn::{Expr, Lit};

/// The signs of the static string, as `switchboard::view::program` reads them.
mod sign {
    pub(super) const OPEN: char = '\u{1}';
    pub(super) const CLOSE: char = '\u{2}';
    pub(super) const ATTRIBUTE: char = '\u{3}';
    pub(super) const VALUE: char = '\u{4}';
    pub(super) const TEXT: char = '\u{5}';
    pub(super) const FILLED: char = '\u{6}';
    pub(super) const CLASS: char = '\u{7}';
    pub(super) const PROPERTY: char = '\u{8}';
    pub(super) const EVENT: char = '\u{b}';
    pub(super) const HOOK: char = '\u{c}';
    pub(super) const CHILD: char = '\u{e}';
    pub(super) const STYLE: char = '\u{f}';
}

/// Elements, texts in quotes and blocks, to a `switchboard::view::View`.
///
/// An attribute's value is a literal, or anything that is `IntoPart`: a text, a truth (there or
/// not), an option, a signal, a closure giving one of them. `on:event` takes a closure of one
/// argument, `class:name`, `style:name` and `prop:name` what an
/// attribute takes, `node_ref` a
/// `switchboard::view::NodeRef`, `use:name` a function of the element. Components are functions:
/// `{sidebar(app)}`.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let parser = Parser::new(ParserConfig::new());
    let (nodes, errors) = parser.parse_recoverable(tokens).split_vec();
    let mut out = Output::default();
    for node in &nodes {
        out.node(node);
    }
    let Output {
        program,
        parts,
        errors: own,
    } = out;
    let errors = errors.into_iter().map(|error| error.emit_as_expr_tokens());
    let own = own.into_iter().map(|error| error.to_compile_error());
    quote! {{
        #(#errors;)*
        #(#own;)*
        #[allow(unused_braces, reason = "a block of the view is an argument here")]
        ::switchboard::view::build(#program, ::std::vec![#(#parts),*])
    }}
    .into()
}

#[derive(Default)]
struct Output {
    program: String,
    parts: Vec<TokenStream>,
    errors: Vec<syn::Error>,
}

impl Output {
    fn sign(&mut self, sign: char, text: &str, span: Span) {
        if text.chars().any(|c| c < ' ' && c != '\n') {
            self.refuse(
                span,
                "control characters have a meaning of their own in a view",
            );
        }
        self.program.push(sign);
        self.program.push_str(text);
    }

    fn refuse(&mut self, span: Span, why: &str) {
        self.errors.push(syn::Error::new(span, why));
    }

    /// A value for the place just named.
    fn fill(&mut self, value: &TokenStream, span: Span) {
        self.parts
            .push(quote_spanned!(span=> ::switchboard::view::IntoPart::into_part(#value)));
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Element(element) => self.element(element),
            Node::Text(text) => self.sign(sign::TEXT, &text.value_string(), text.span()),
            Node::Block(block) => {
                self.sign(sign::CHILD, "", block.span());
                let span = block.span();
                self.fill(&quote!(#block), span);
            }
            Node::Fragment(fragment) => {
                for child in fragment.children() {
                    self.node(child);
                }
            }
            Node::Comment(_) => {}
            Node::Doctype(_) | Node::RawText(_) | Node::Custom(_) => {
                self.refuse(
                    node.span(),
                    "a view has elements, texts in quotes and blocks",
                );
            }
        }
    }

    fn element(&mut self, element: &NodeElement<rstml::Infallible>) {
        let name = element.name().to_string();
        if name.starts_with(char::is_uppercase) {
            self.refuse(
                element.name().span(),
                "a component is a function: {name(…)}",
            );
            return;
        }
        self.sign(sign::OPEN, &name, element.name().span());
        for attribute in element.attributes() {
            match attribute {
                NodeAttribute::Attribute(attribute) => self.attribute(attribute),
                NodeAttribute::Block(block) => {
                    self.refuse(block.span(), "an attribute has a name here");
                }
            }
        }
        for child in element.children() {
            self.node(child);
        }
        self.program.push(sign::CLOSE);
    }

    fn attribute(&mut self, attribute: &KeyedAttribute) {
        let key: String = attribute.key.to_string().split_whitespace().collect();
        let span = attribute.key.span();
        let Some(value) = attribute.value() else {
            return self.sign(sign::ATTRIBUTE, &key, span);
        };
        let is_plain = !key.contains(':');
        // `hidden=true` is there or not; `aria-hidden="true"` has a value.
        if let Expr::Lit(literal) = value
            && let Lit::Bool(is_there) = &literal.lit
            && is_plain
        {
            if is_there.value {
                self.sign(sign::ATTRIBUTE, &key, span);
            }
            return;
        }
        if is_plain && let Some(literal) = attribute.value_literal_string() {
            self.sign(sign::ATTRIBUTE, &key, span);
            self.sign(sign::VALUE, &literal, value.span());
            return;
        }
        match key.split_once(':') {
            None if key == "node_ref" => self.hook(&quote!((#value).into_hook()), span),
            None => self.filled(sign::FILLED, &key, value, span),
            Some(("class", name)) => self.filled(sign::CLASS, name, value, span),
            Some(("style", name)) => self.filled(sign::STYLE, name, value, span),
            Some(("prop", name)) => self.filled(sign::PROPERTY, name, value, span),
            Some(("on", event)) => {
                self.sign(sign::EVENT, event, span);
                let event = event_type(event);
                self.parts.push(quote_spanned! {value.span()=>
                    ::switchboard::view::handler::<::web_sys::#event>(#value)
                });
            }
            Some(("use", function)) => {
                let function = syn::Ident::new(function, span);
                self.hook(
                    &quote!(::switchboard::view::hook(move |element| #function(element, #value))),
                    span,
                );
            }
            Some(_) => self.refuse(span, "before the colon is class, on, prop, style or use"),
        }
    }

    fn filled(&mut self, sign: char, name: &str, value: &Expr, span: Span) {
        self.sign(sign, name, span);
        self.fill(&quote!(#value), value.span());
    }

    fn hook(&mut self, part: &TokenStream, span: Span) {
        self.sign(sign::HOOK, "", span);
        self.parts.push(part.clone());
    }
}

/// What a handler of this event is given.
fn event_type(event: &str) -> TokenStream {
    match event {
        "click" | "contextmenu" | "mousedown" | "mouseleave" | "mouseover" | "mouseup" => {
            quote!(MouseEvent)
        }
        "keydown" | "keyup" => quote!(KeyboardEvent),
        "blur" | "focus" | "focusin" | "focusout" => quote!(FocusEvent),
        "compositionstart" | "compositionend" => quote!(CompositionEvent),
        "paste" => quote!(ClipboardEvent),
        "dragover" | "drop" => quote!(DragEvent),
        "submit" => quote!(SubmitEvent),
        _ => quote!(Event),
    }
}
