//! Rows that are appended look as if all rows had been shown anew.

use leptos::prelude::Owner;
use switchboard::state::App;
use switchboard::state::rows::Log;
use switchboard_client::{Earlier, Item, ItemState, Sender};
use switchboard_protocol::{ConversationId, MessageId};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::{MORNING, app, message_id, up, user};

const DAY: u64 = 86_400_000;

struct Items(Vec<Item>);

impl Log for Items {
    fn rows(&self) -> usize {
        self.0.len()
    }

    fn slice(&self, from: usize, to: usize) -> Vec<Item> {
        self.0[from..to].to_vec()
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.0.iter().position(|item| item.id.as_str() == id)
    }

    fn earlier(&self) -> Earlier {
        Earlier::None
    }

    fn missing(&self) -> u64 {
        0
    }

    fn first_unread(&self) -> Option<MessageId> {
        None
    }
}

/// Everything the views read of the rows.
fn shown(app: App) -> String {
    let keys = app.timeline.order().get_untracked();
    let rows = keys
        .iter()
        .map(|key| app.timeline.get(key).unwrap().get_untracked());
    let days = app.reading.days.order().get_untracked();
    let of_days = days
        .iter()
        .map(|key| (key, app.reading.days.get(key).unwrap().get_untracked()));
    format!(
        "{keys:?}\n{:?}\n{:?}",
        rows.collect::<Vec<_>>(),
        of_days.collect::<Vec<_>>()
    )
}

fn item(n: usize, dice: &mut impl FnMut(u64) -> u64, at: u64) -> Item {
    let from = ["bo", "cy", "dana"][usize::try_from(dice(3)).unwrap()];
    Item::new(
        message_id(&format!("m{n}")),
        Sender::Other(user(from)),
        at,
        format!("text {n}"),
        ItemState::Received,
    )
}

#[wasm_bindgen_test]
fn appended_rows_look_as_if_all_were_shown_anew() {
    for seed in 1..=20 {
        Owner::new().with(|| play(seed));
    }
}

fn play(seed: u64) {
    let mut state = seed;
    let mut dice = move |sides: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % sides
    };
    let lobby = ConversationId::lobby();
    let [(appended, _), (anew, _)] = [app(), app()];
    for app in [appended, anew] {
        app.open.set(Some(lobby.clone()));
        app.set_status(up());
    }
    let mut items = Items(Vec::new());
    let mut at = MORNING - 2 * DAY;
    while items.0.len() < 400 {
        for _ in 0..=dice(4) {
            // A pause, a day, or a clock that was wrong.
            at += [1_000, 1_000, 400_000, DAY / 2][usize::try_from(dice(4)).unwrap()];
            at -= if dice(10) == 0 { DAY } else { 0 };
            items.0.push(item(items.0.len(), &mut dice, at));
        }
        appended.show_rows(&lobby, &items, true);
        anew.show_rows(&lobby, &items, false);
        assert_eq!(
            shown(appended),
            shown(anew),
            "seed {seed}, {} rows",
            items.0.len()
        );
    }
}
