use super::*;
use switchboard_protocol::json::Object;
use switchboard_protocol::server::Message;

fn entry(seq: u64, id: &str, from: &str, kind: &str, content: &str, re: Option<&str>) -> Message {
    let mut row = Writer::new();
    row.text("conv", "lobby");
    row.number("seq", seq);
    row.text("id", id);
    row.text("from", from);
    row.number("at", seq * 1_000);
    row.text("kind", kind);
    row.text("content", content);
    if let Some(re) = re {
        row.text("re", re);
    }
    Message::parse(&row.finish()).unwrap()
}

fn export(log: Vec<Message>) -> Export {
    let mut entries = Entries::default();
    log.into_iter().for_each(|message| entries.take(message));
    Export {
        conversation: ConversationId::lobby(),
        title: "<img src=x> & *friends*".to_owned(),
        me: "ana".to_owned(),
        at: 9_000,
        messages: entries.finish(),
        day: |at| {
            if at < 3_000 {
                "Monday".to_owned()
            } else {
                "<b>Tuesday".to_owned()
            }
        },
        time: |at| (at / 1_000).to_string(),
    }
}

const HOSTILE: &str = "</div><script>alert(1)</script> ' \" & **bold** [x](https://a.example/?q=\"<b>) \u{202e}`\u{202e}`\n# no heading\n```\n</pre><img onerror=x>";

fn log() -> Vec<Message> {
    vec![
        entry(1, "a", "ana", "text", "first", None),
        entry(2, "b", "<i>bo</i>", "text", HOSTILE, Some("a")),
        entry(3, "c", "ana", "edit", "second", Some("a")),
        entry(4, "d", "ana", "edit", "third", Some("a")),
        entry(5, "e", "eve", "edit", "not mine", Some("a")),
        entry(6, "f", "eve", "reaction", "👍", Some("a")),
        entry(7, "g", "bo", "reaction", "👍", Some("a")),
        entry(8, "h", "eve", "reaction", "-👍", Some("a")),
        entry(9, "i", "eve", "text", "gone", None),
        entry(10, "j", "eve", "delete", "", Some("i")),
        entry(11, "k", "eve", "edit", "too late", Some("i")),
        entry(12, "l", "eve", "reaction", "👍", Some("nothing")),
    ]
}

#[test]
fn everything_that_happened_to_a_message_is_in_it() {
    let messages = export(log()).messages;
    assert_eq!(messages.len(), 3);
    let first = &messages[0];
    assert_eq!((first.text.as_str(), first.edits.len()), ("third", 2));
    assert_eq!(first.edits[0], (1_000, "first".to_owned()));
    assert_eq!(first.reactions, [("👍".to_owned(), vec!["bo".to_owned()])]);
    assert_eq!(messages[1].reply.as_deref(), Some("a"));
    assert!(messages[2].deleted && messages[2].text.is_empty() && messages[2].edits.is_empty());
}

#[test]
fn json_comes_back_as_it_was() {
    let export = export(log());
    let mut file = Object::parse(&export.write(Format::Json)).unwrap();
    assert_eq!(file.text("title").unwrap(), export.title);
    assert_eq!(file.number("saved_at"), Some(9_000));
    let rows = file.objects("messages").unwrap();
    assert_eq!(rows.len(), export.messages.len());
    for (mut row, message) in rows.into_iter().zip(&export.messages) {
        let back = Entry {
            id: row.text("id").unwrap(),
            at: row.number("at").unwrap(),
            from: row.text("from").unwrap(),
            text: row.text("text").unwrap(),
            edits: row
                .objects("edits")
                .unwrap()
                .into_iter()
                .map(|mut edit| (edit.number("at").unwrap(), edit.text("text").unwrap()))
                .collect(),
            deleted: row.flag("deleted").unwrap(),
            unsent: row.flag("unsent").unwrap(),
            reply: row.text("reply_to"),
            reactions: row
                .objects("reactions")
                .unwrap()
                .into_iter()
                .map(|mut it| (it.text("emoji").unwrap(), it.ids::<String>("who").unwrap()))
                .collect(),
        };
        assert_eq!(back, *message);
    }
}

#[test]
fn nothing_written_becomes_markup_of_the_page() {
    let page = export(log()).write(Format::Html);
    for bad in ["<script", "<img", "<i>bo", "<b>", "</pre><img", "\u{0}"] {
        assert!(!page.contains(bad), "{bad}");
    }
    assert!(page.contains("&lt;img src=x&gt; &amp; *friends*"));
    assert!(page.contains("<strong>bold</strong>"));
    assert!(page.contains("&lt;b&gt;Tuesday"));
    assert!(!page.contains("href=\"javascript"));
    // Every element that is opened is closed, whatever the texts.
    for name in [
        "article",
        "div",
        "blockquote",
        "pre",
        "code",
        "a",
        "strong",
        "h2",
    ] {
        let opened = page.matches(&["<", name, ">"].concat()).count()
            + page.matches(&["<", name, " "].concat()).count();
        assert_eq!(
            opened,
            page.matches(&["</", name, ">"].concat()).count(),
            "{name}"
        );
    }
}

#[test]
fn markdown_keeps_each_message_in_its_quote() {
    let file = export(log()).write(Format::Markdown);
    assert!(!file.contains("<script") && !file.contains("<img"));
    assert!(file.starts_with("# &lt;img src=x\\> &amp; \\*friends\\*\n"));
    assert!(file.contains("\n> # no heading  \n"));
    assert!(!file.contains("\n# no heading"));
}

#[test]
fn a_file_has_a_name_that_every_system_takes() {
    let mut export = export(Vec::new());
    assert_eq!(
        export.file_name(Format::Html),
        "Switchboard _img src=x_ & _friends_.html"
    );
    export.title = "../..\u{202e}\n".to_owned();
    assert_eq!(export.file_name(Format::Json), "Switchboard .._..__.json");
    export.title = String::new();
    assert_eq!(export.file_name(Format::Markdown), "Switchboard.md");
    for format in Format::ALL {
        assert!(!export.write(format).is_empty());
    }
}
