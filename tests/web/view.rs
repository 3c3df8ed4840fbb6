//! The renderer by itself: what views put into the document, and what stays when they change.

use std::cell::RefCell;
use std::rc::Rc;

use switchboard::signal::{RwSignal, effect_now};
use switchboard::state::Key;
use switchboard::view::{MakeRow, Mounted, NodeRef, Part, View, each, mount, view};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, HtmlInputElement, MouseEvent, Node, window};

/// An element of its own with a view in it.
struct Stage {
    element: Element,
    mounted: Option<Mounted>,
}

impl Stage {
    fn new(make: impl FnOnce() -> View) -> Self {
        let document = window().unwrap().document().unwrap();
        let element = document.create_element("div").unwrap();
        document.body().unwrap().append_child(&element).unwrap();
        let mounted = Some(mount(&element, make));
        Self { element, mounted }
    }

    fn html(&self) -> String {
        self.element.inner_html()
    }

    fn find(&self, selector: &str) -> HtmlElement {
        let found = self.element.query_selector(selector).unwrap();
        found.unwrap().unchecked_into()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.mounted = None;
        self.element.remove();
    }
}

/// Lets effects run: they wait for what runs now to end.
async fn settle() {
    for _ in 0..3 {
        let done = js_sys::Promise::resolve(&wasm_bindgen::JsValue::UNDEFINED);
        wasm_bindgen_futures::JsFuture::from(done).await.unwrap();
    }
}

fn key(name: &str) -> Key {
    Key::from(name)
}

#[wasm_bindgen_test]
fn a_view_begins_with_all_its_places_filled() {
    let inner = view! { <i>{"deep"}</i> };
    let nothing: Option<String> = None;
    let stage = Stage::new(|| {
        view! {
            <p class="a" data-x=Some("1") data-none=nothing hidden=false lang="en">
                "one "
                {"two 😀"}
                <b class:on=true class:off=false style:--hue=String::from("7")>{[inner, view! { <u></u> }]}</b>
                " é "
                {vec!["x".to_owned(), "日本".to_owned()]}
            </p>
            {"after"}
        }
    });
    assert_eq!(
        stage.html(),
        "<p class=\"a\" lang=\"en\" data-x=\"1\">one two 😀<b class=\"on\" style=\"--hue: 7;\">\
         <i>deep</i><u></u></b> é x日本</p>after"
    );
}

#[wasm_bindgen_test]
fn a_text_is_never_markup() {
    let text = "<img src=x onerror=alert(1)>\u{1}b\u{2}\u{e}&amp;\0\u{202e}";
    let stage = Stage::new(|| view! { <p title=text.to_owned()>{text.to_owned()}</p> });
    let paragraph = stage.find("p");
    assert_eq!(paragraph.text_content().unwrap(), text);
    assert_eq!(paragraph.title(), text);
    assert_eq!(paragraph.child_element_count(), 0);
}

#[wasm_bindgen_test]
async fn each_place_follows_its_signals() {
    let text = RwSignal::new("a".to_owned());
    let shown = RwSignal::new(false);
    let stage = Stage::new(|| {
        view! {
            <p title=text hidden=move || !shown.get() class:on=shown prop:scrollTop=0.0.to_string()>
                {move || shown.get().then(|| view! { <b>{text}</b> })}
                "!"
            </p>
            <input prop:value=text/>
        }
    });
    assert_eq!(stage.html(), "<p title=\"a\" hidden=\"\">!</p><input>");
    let input: HtmlInputElement = stage.find("input").unchecked_into();
    assert_eq!(input.value(), "a");
    text.set("é😀".to_owned());
    shown.set(true);
    settle().await;
    assert_eq!(
        stage.html(),
        "<p title=\"é😀\" class=\"on\"><b>é😀</b>!</p><input>"
    );
    assert_eq!(input.value(), "é😀");
    shown.set(false);
    settle().await;
    assert_eq!(
        stage.html(),
        "<p title=\"é😀\" class=\"\" hidden=\"\">!</p><input>"
    );
}

#[wasm_bindgen_test]
async fn a_view_like_the_one_before_keeps_its_nodes() {
    let count = RwSignal::new(0);
    let heard = Rc::new(RefCell::new(Vec::new()));
    let hears = heard.clone();
    let row = move |count: usize, heard: Rc<RefCell<Vec<usize>>>| {
        view! {
            <button class=count.to_string() on:click=move |_| heard.borrow_mut().push(count)>
                {(count > 1).then(|| view! { <i>{count.to_string()}</i> })}
            </button>
        }
    };
    let stage = Stage::new(|| {
        view! { <div>{move || { let n = count.get(); row(n, hears.clone()) }}</div> }
    });
    let button = stage.find("button");
    button.click();
    for (n, inner) in [(1, ""), (2, "<i>2</i>"), (3, "<i>3</i>"), (1, "")] {
        count.set(n);
        settle().await;
        assert_eq!(stage.find("button"), button);
        assert_eq!(button.inner_html(), inner);
        button.click();
    }
    assert_eq!(*heard.borrow(), [0, 1, 2, 3, 1]);
}

#[wasm_bindgen_test]
async fn what_a_hook_has_seen_is_made_anew_and_its_owner_ends() {
    let count = RwSignal::new(0);
    let inner = RwSignal::new(0);
    let runs = Rc::new(RefCell::new(0));
    let counted = runs.clone();
    let follow = move |element: Element, n: i32| {
        let counted = counted.clone();
        effect_now(move || {
            *counted.borrow_mut() += 1;
            element.set_id(&(n + inner.get()).to_string());
        });
    };
    let stage = Stage::new(|| {
        view! {
            <div>
                {move || {
                    let (n, follow) = (count.get(), follow.clone());
                    view! { <p use:follow=n></p> }
                }}
            </div>
        }
    });
    let first = stage.find("p");
    assert_eq!(first.id(), "0");
    count.set(10);
    settle().await;
    let second = stage.find("p");
    assert_ne!(first, second);
    assert!(!first.is_connected());
    let before = *runs.borrow();
    inner.set(1);
    settle().await;
    assert_eq!(second.id(), "11");
    assert_eq!((first.id().as_str(), *runs.borrow()), ("0", before + 1));
}

#[wasm_bindgen_test]
fn an_event_that_a_handler_causes_is_not_for_it() {
    let heard = Rc::new(RefCell::new(0));
    let count = heard.clone();
    let button = NodeRef::<HtmlElement>::new();
    let hears = move |_: MouseEvent| {
        *count.borrow_mut() += 1;
        if let Some(button) = button.get_untracked() {
            button.click();
        }
    };
    let stage = Stage::new(|| view! { <button node_ref=button on:click=hears></button> });
    stage.find("button").click();
    assert_eq!(*heard.borrow(), 1);
}

#[wasm_bindgen_test]
async fn places_outside_elements_come_and_go_in_order() {
    let first = RwSignal::new(true);
    let second = RwSignal::new(true);
    let part = |name: &'static str, on: RwSignal<bool>| {
        move || on.get().then(|| view! { {name} {view! { <i>{name}</i> }} })
    };
    let all = RwSignal::new(true);
    let mut stage = Stage::new(|| {
        view! {
            "<"
            {move || all.get().then(|| view! { {part("a", first)} "|" {part("b", second)} })}
            ">"
        }
    });
    let text = |stage: &Stage| stage.element.text_content().unwrap();
    assert_eq!(text(&stage), "<aa|bb>");
    first.set(false);
    settle().await;
    assert_eq!(text(&stage), "<|bb>");
    first.set(true);
    second.set(false);
    settle().await;
    assert_eq!(text(&stage), "<aa|>");
    all.set(false);
    settle().await;
    assert_eq!(text(&stage), "<>");
    all.set(true);
    settle().await;
    assert_eq!(text(&stage), "<aa|>");
    stage.mounted = None;
    assert!(!stage.element.has_child_nodes());
}

#[wasm_bindgen_test]
async fn a_row_is_made_again_when_what_it_read_changes() {
    let keys = RwSignal::new(vec![key("a"), key("b")]);
    let loud = RwSignal::new(false);
    let kind = RwSignal::new(false);
    let row: MakeRow = Rc::new(move |key| {
        let text = if loud.get() {
            key.to_uppercase()
        } else {
            key.to_string()
        };
        if kind.get() {
            view! { <b>{text}</b> }
        } else {
            view! { <i>{text}</i> }
        }
    });
    let stage = Stage::new(|| view! { <p>{each(keys, row)}</p> });
    let first = stage.find("i");
    loud.set(true);
    settle().await;
    assert_eq!(stage.html(), "<p><i>A</i><i>B</i></p>");
    assert_eq!(stage.find("i"), first);
    kind.set(true);
    settle().await;
    assert_eq!(stage.html(), "<p><b>A</b><b>B</b></p>");
}

/// Every change of a list of a few keys into another, from a fixed seed: the order is right, and what
/// stays is the same element.
#[wasm_bindgen_test]
async fn rows_are_in_order_and_stay_whatever_the_keys() {
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % 1_000_003).unwrap() % below
    };
    let keys = RwSignal::new(Vec::new());
    // Two roots, one of them a place: nothing is simply the row's element.
    let row: MakeRow = Rc::new(|key| view! { {view! { <b>{key.clone()}</b> }} <i id=key></i> });
    let stage = Stage::new(|| view! { <p><u></u>{each(keys, row)}</p> });
    let mut known: Vec<(Key, Element)> = Vec::new();
    for round in 0..300 {
        let mut next: Vec<Key> = Vec::new();
        for _ in 0..random(9) {
            let name = key(&char::from(b'a' + u8::try_from(random(12)).unwrap()).to_string());
            if !next.contains(&name) {
                next.push(name);
            }
        }
        if random(5) == 0 {
            // A person, or an extension of the browser, takes something out.
            if let Some(out) = stage.element.query_selector("b").unwrap() {
                out.remove();
            }
        }
        keys.set(next.clone());
        settle().await;
        let shown = stage.element.query_selector_all("i").unwrap();
        let shown: Vec<Element> = (0..shown.length())
            .map(|at| shown.get(at).unwrap().unchecked_into())
            .collect();
        let ids: Vec<Key> = shown.iter().map(|row| key(&row.id())).collect();
        assert_eq!(ids, next, "round {round}");
        for (id, row) in ids.iter().zip(&shown) {
            if let Some((_, before)) = known.iter().find(|(known, _)| known == id) {
                assert_eq!(row, before, "round {round}: the row {id} was made anew");
            }
        }
        known = ids.into_iter().zip(shown).collect();
        let first: Node = stage.find("p").first_child().unwrap();
        assert_eq!(first.node_name(), "U", "round {round}");
    }
}

#[wasm_bindgen_test]
fn a_view_of_nothing_shows_nothing() {
    let stage = Stage::new(View::default);
    assert_eq!(stage.html(), "");
    let stage =
        Stage::new(|| view! { <p>{Part::Nothing}{Part::Many(Vec::new())}{View::default()}</p> });
    assert_eq!(stage.html(), "<p></p>");
}
