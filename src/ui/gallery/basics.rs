//! Tokens, and what all components are made of.

use crate::strings::join;
use crate::ui::avatar::avatar;
use crate::ui::icon::icon;
use crate::view::{View, view};

const SURFACES: [&str; 8] = [
    "bg",
    "surface",
    "raised",
    "hover",
    "chosen",
    "other",
    "lamp-bg",
    "danger-bg",
];
const COLOURS: [&str; 8] = [
    "text", "soft", "accent", "lamp", "focus", "ok", "warn", "danger",
];
const SIZES: [&str; 5] = ["tiny", "small", "body", "large", "title"];
const ICONS: [&str; 37] = [
    "mark", "compose", "pencil", "people", "theme", "frames", "leave", "bell", "mute", "close",
    "more", "back", "chevron", "down", "up", "send", "pause", "search", "smile", "reply", "trash",
    "pin", "copy", "link", "settings", "download", "keyboard", "globe", "eye", "plug", "clock",
    "question", "check", "checks", "handed", "info", "alert",
];

pub(super) fn all() -> View {
    view! {
        {tokens()}
        {buttons()}
        {fields()}
        {marks()}
        {menus()}
    }
}

fn token(property: &str, name: &str) -> String {
    join(&[property, ": var(--", name, ")"])
}

fn tokens() -> View {
    let surfaces = SURFACES.map(|name| {
        view! {
            <div class="swatch" style=token("background", name)>
                {name} " " <span class="soft">"soft"</span>
            </div>
        }
    });
    let colours = COLOURS.map(|name| {
        view! {
            <div class="swatch">
                <span class="colour" style=token("background", name)></span>
                {name}
            </div>
        }
    });
    let sizes = SIZES.map(|name| {
        view! { <p style=token("font-size", name)>{name} ": Tomás schreibt gerade, 日本語, العربية"</p> }
    });
    let icons = ICONS.map(|name| view! { <div class="swatch">{icon(name)}{name}</div> });
    view! {
        <section class="specimen"><h2>"Surfaces"</h2><div class="swatches">{surfaces}</div></section>
        <section class="specimen"><h2>"Colours"</h2><div class="swatches">{colours}</div></section>
        <section class="specimen"><h2>"Type"</h2>{sizes}</section>
        <section class="specimen"><h2>"Icons"</h2><div class="swatches">{icons}</div></section>
    }
}

fn buttons() -> View {
    let button = |class: &'static str| {
        view! {
            <button class=class type="button">{icon("compose")}{class}</button>
        }
    };
    view! {
        <section class="specimen">
            <h2>"Buttons"</h2>
            <div class="line">
                {["button", "button primary", "button ghost", "button danger", "button small"].map(button)}
                <button class="button" type="button" aria-pressed="true">"pressed"</button>
                <button class="button" type="button" aria-disabled="true">"busy"</button>
                <button class="button" type="button" disabled>"disabled"</button>
                <button class="button ghost" type="button" aria-label="Settings">{icon("settings")}</button>
                <button class="button primary" type="button" aria-label="Send">{icon("send")}</button>
            </div>
        </section>
    }
}

fn fields() -> View {
    view! {
        <section class="specimen">
            <h2>"Fields"</h2>
            <div class="specimens">
                <div class="field">
                    <label for="g-plain">"A label"</label>
                    <input id="g-plain" placeholder="Placeholder" />
                    <p class="help">"What helps to fill it."</p>
                </div>
                <div class="field">
                    <label for="g-wrong">"Filled wrongly"</label>
                    <input id="g-wrong" value="chat.example" aria-invalid="true" />
                    <p class="error">"Begin with wss:// or ws://."</p>
                </div>
                <div class="field">
                    <label for="g-select">"A choice"</label>
                    <select id="g-select"><option>"Switchboard"</option></select>
                </div>
                <div class="field">
                    <label for="g-area">"Several lines"</label>
                    <textarea id="g-area" rows="2">"ticket=…"</textarea>
                </div>
                <div>
                    <label class="switch">"A switch, on" <input type="checkbox" role="switch" checked /></label>
                    <label class="switch">"A switch, off" <input type="checkbox" role="switch" /></label>
                    <fieldset class="segments">
                        <label><input type="radio" name="g" checked />"Auto"</label>
                        <label><input type="radio" name="g" />"Light"</label>
                        <label><input type="radio" name="g" />"Dark"</label>
                    </fieldset>
                </div>
            </div>
        </section>
    }
}

fn marks() -> View {
    let people = [
        "Ines",
        "Tomás",
        "Maya",
        "آية",
        "健二",
        "😀",
        "emre.yılmaz",
        "Zoë",
    ];
    view! {
        <section class="specimen">
            <h2>"Marks"</h2>
            <div class="line">
                <span class="mark">{icon("mark")}</span>
                {people.map(avatar)}
                <span class="avatar group">{icon("people")}</span>
                <span class="badge">"3"</span>
                <span class="badge">"@"</span>
                <span class="badge muted">"12"</span>
                <span class="badge soft">"1"</span>
                <span class="badge danger">"2"</span>
                <span class="presence"></span>
                <span class="dot" data-tone="up"></span>
                <kbd>"Ctrl"</kbd>
                <mark>"found"</mark>
                <span class="chip">"Maya" <button class="chip-remove" type="button" aria-label="Remove">{icon("close")}</button></span>
            </div>
        </section>
        <section class="specimen">
            <h2>"Empty, and told"</h2>
            <div class="nothing">
                <span class="mark">{icon("mark")}</span>
                <p>"Choose a conversation, or begin one."</p>
                <button class="button primary" type="button">"New message"</button>
            </div>
            <p class="callout">"What went wrong, and what to do."</p>
            <p class="hint">"A hint in small print."</p>
        </section>
    }
}

fn menus() -> View {
    let item = |name: &'static str, class: &'static str, selected: &'static str| {
        view! {
            <button class=class type="button" aria-selected=selected>{icon(name)}{name}<kbd>"E"</kbd></button>
        }
    };
    let suggestion = |name: &'static str, selected: &'static str| {
        view! {
            <li class="menu-item" role="option" aria-selected=selected>{avatar(name)}<bdi>{name}</bdi></li>
        }
    };
    view! {
        <section class="specimen">
            <h2>"Menu"</h2>
            <div class="menu" role="presentation">
                {item("reply", "menu-item", "false")}
                {item("pencil", "menu-item", "true")}
                {item("copy", "menu-item", "false")}
                <hr />
                {item("trash", "menu-item danger", "false")}
            </div>
        </section>
        <section class="specimen">
            <h2>"Suggestions"</h2>
            <ul class="menu suggestions" role="listbox" aria-label="Suggestions">
                {suggestion("Maya", "true")}
                {suggestion("Tomás", "false")}
                {suggestion("a-name-that-is-longer-than-the-list-is-wide@mail.example", "false")}
            </ul>
        </section>
    }
}
