//! The connection is told as it is.

use switchboard::state::dialog::Dialog;
use switchboard::state::{Intent, Unsent};
use switchboard_client::{CloseInfo, Phase, ReadyState, Status, Stop};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixture::{MORNING, down, signed_in, up};
use crate::screen::{Screen, screen, settle, text_of};
use crate::session::until;

async fn with_status(status: Status) -> Screen {
    screen(|app| {
        signed_in(app, "switchboard");
        app.set_status(status);
    })
    .await
}

fn spoken(screen: &Screen) -> String {
    let spoken = screen
        .shown("[role=status]")
        .iter()
        .map(|element| text_of(element))
        .collect::<Vec<_>>();
    spoken.join(" ").trim().to_owned()
}

#[wasm_bindgen_test]
async fn each_ready_state_is_named() {
    let screen = with_status(up()).await;
    for (ready_state, phase, word) in [
        (ReadyState::Connecting, Phase::Connecting, "CONNECTING"),
        (ReadyState::Open, Phase::Greeting, "OPEN"),
        (ReadyState::Open, Phase::Up, "OPEN"),
        (ReadyState::Closing, Phase::Closing, "CLOSING"),
        (ReadyState::Closed, Phase::Waiting { retry_at: 0 }, "CLOSED"),
    ] {
        screen.app.set_status(Status {
            ready_state,
            phase,
            ..Status::default()
        });
        settle().await;
        // The shortest ones are not mentioned at all.
        assert_eq!(text_of(&screen.one(".ready-state")), "OPEN");
        screen.app.judge(2_000);
        settle().await;
        assert_eq!(text_of(&screen.one(".ready-state")), word);
        // Short interruptions are not made much of.
        assert!(screen.shown(".banner").is_empty(), "{word}");
    }
}

#[wasm_bindgen_test]
async fn an_interruption_grows_louder_and_its_end_is_good_news() {
    let screen = with_status(up()).await;
    screen.app.set_status(Status {
        phase: Phase::Connecting,
        waiting: 2,
        ..Status::default()
    });
    for (now, chip, banner) in [(1_999, 0, 0), (2_000, 1, 0), (5_000, 0, 1)] {
        screen.app.judge(now);
        settle().await;
        assert_eq!(screen.shown(".quiet-chip").len(), chip, "{now}");
        assert_eq!(screen.shown(".banner").len(), banner, "{now}");
    }
    screen.app.set_status(up());
    screen.app.judge(6_000);
    screen.app.judge(7_000);
    settle().await;
    assert!(screen.shown(".banner").is_empty());
    assert_eq!(text_of(&screen.one(".quiet-chip")), "Back online: sent 2");
    screen.app.judge(10_500);
    settle().await;
    assert!(screen.shown(".quiet-chip").is_empty());
}

#[wasm_bindgen_test]
async fn the_countdown_runs_and_is_not_spoken() {
    let screen = screen(|app| {
        signed_in(app, "switchboard");
        let status = down(app);
        app.set_status(status);
    })
    .await;
    let banner = text_of(&screen.one(".banner"));
    assert!(
        banner.contains("Next attempt in 4 s (3 failed attempts)"),
        "{banner}"
    );
    assert!(banner.contains("2 messages wait to be sent"), "{banner}");
    assert!(banner.contains("1006: the connection was lost"), "{banner}");
    let said = spoken(&screen);
    assert!(said.contains("Disconnected."), "{said}");
    screen.app.now.set(12_500);
    settle().await;
    assert!(screen.says("Next attempt in 2 s"));
    assert_eq!(spoken(&screen), said);
    screen.app.now.set(20_000);
    settle().await;
    assert!(screen.says("Next attempt now"));
    screen.click("Try now").await;
    assert_eq!(screen.intents(), [Intent::TryNow]);
    screen.app.show_dialog(Dialog::Settings);
    settle().await;
    let again = spoken(&screen);
    assert!(
        !again.contains(&said),
        "said once, and not again by the dialog: {again}"
    );
}

#[wasm_bindgen_test]
async fn each_reason_to_stop_says_what_to_do() {
    for (stop, said, can_try) in [
        (Stop::BadUrl, "Sign out and correct it", false),
        (Stop::SignIn, "what is not sent yet is kept", false),
        (Stop::Forbidden, "check the user id and the ticket", true),
        (Stop::Replaced, "Press Try now to take it back", true),
        (Stop::Outdated, "Reload it", false),
        (
            Stop::Protocol,
            "Sign out and check the kind of system",
            true,
        ),
    ] {
        let screen = with_status(Status {
            phase: Phase::Stopped(stop),
            ..Status::default()
        })
        .await;
        assert!(screen.says(said), "{said}");
        assert_eq!(
            screen.by_role("button", "Try now").len(),
            usize::from(can_try),
            "{said}"
        );
        assert!(!screen.says("Next attempt"));
        let (mends, asked) = match stop {
            Stop::Replaced => continue,
            Stop::SignIn => ("Sign in again", Intent::SignOut(Unsent::Keep)),
            Stop::Outdated => ("Reload", Intent::Reload),
            _ => ("Sign out", Intent::SignOut(Unsent::Keep)),
        };
        let banner = screen.one(".banner");
        let buttons = screen.by_role("button", mends);
        let [button] = &buttons
            .into_iter()
            .filter(|it| banner.contains(Some(it)))
            .collect::<Vec<_>>()[..]
        else {
            panic!("{said}: no {mends}");
        };
        button.click();
        // Whether the site has a login is asked for first.
        let mut intents = Vec::new();
        until(|| {
            intents.extend(screen.intents());
            !intents.is_empty()
        })
        .await;
        assert_eq!(intents, [asked]);
    }
}

#[wasm_bindgen_test]
async fn the_details_tell_the_last_close_with_its_reason_isolated() {
    let mut status = up();
    let info = CloseInfo {
        code: 4000,
        reason: "\u{202e}gnihton".to_owned(),
        clean: true,
    };
    status.last_close = Some((info, MORNING));
    let screen = with_status(status).await;
    let details = screen.one(".details").text_content().unwrap();
    assert!(details.contains("BFaT_fALIAMCKug="), "{details}");
    assert!(
        details.contains(
            "4000: a code of this server’s own. Reason given: \u{2068}\u{202e}gnihton\u{2069}"
        ),
        "{details}"
    );
}
