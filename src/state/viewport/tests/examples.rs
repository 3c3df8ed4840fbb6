//! Single histories, told one by one.

use super::super::simulated::key;
use super::super::{FIRST, LEAVE, Layout, NEWEST, Place, RETURN, Window};
use super::{Act, Reader};

fn even(count: usize) -> Vec<f64> {
    vec![60.0; count]
}

#[test]
fn at_the_bottom_is_left_at_200_pixels_and_found_again_at_24() {
    let mut reader = Reader::new(&even(100), 600.0);
    assert!(reader.view.is_following());
    reader.act(&Act::Scroll(LEAVE - 1.0, true));
    assert!(reader.view.is_following());
    reader.act(&Act::Scroll(1.0, true));
    assert!(!reader.view.is_following());
    reader.act(&Act::Scroll(RETURN - LEAVE, true));
    assert!(!reader.view.is_following());
    reader.act(&Act::Scroll(-1.0, true));
    assert!(reader.view.is_following());
}

#[test]
fn what_is_in_sight_is_painted_first_and_the_other_rows_move_nothing() {
    let mut reader = Reader::new(&even(500), 600.0);
    assert_eq!(reader.view.window().len(), FIRST);
    assert!(reader.view.awaits_paint());
    let sight = reader.page.in_sight();
    reader.act(&Act::Append(even(1)));
    assert_eq!(
        reader.view.window().len(),
        FIRST + 1,
        "nothing was painted yet"
    );
    assert!(!reader.view.awaits_paint(), "it is waited for already");
    reader.act(&Act::Paint);
    assert_eq!(reader.view.window().len(), NEWEST);
    assert!(!reader.view.awaits_paint());
    assert_eq!(reader.page.in_sight().len(), sight.len());
    assert!(reader.page.scroll() < 1.0);
    // A window that they do not fill has all of them at once, and so has a short conversation.
    let tall = Reader::new(&even(500), 60.0 * 45.0);
    assert_eq!(tall.view.window().len(), NEWEST);
    assert!(!Reader::new(&even(FIRST), 600.0).view.awaits_paint());
    // Where the person has left the newest message, theirs is the window.
    let mut reader = Reader::new(&even(500), 600.0);
    reader.act(&Act::Scroll(1_200.0, true));
    let window = reader.view.window();
    assert!(window.len() > FIRST);
    reader.act(&Act::Paint);
    assert_eq!(reader.view.window(), window);
}

#[test]
fn rows_that_nobody_is_near_go_when_what_came_is_painted() {
    let mut reader = Reader::new(&even(500), 600.0);
    reader.act(&Act::Paint);
    let before = reader.view.window();
    // 90 rows up, of 60 px each.
    reader.act(&Act::Scroll(5_400.0, true));
    let both = reader.view.window();
    assert!(both.from < before.from && both.to == before.to);
    assert!(reader.view.awaits_paint());
    let sight = reader.page.in_sight();
    reader.act(&Act::Paint);
    assert_eq!(reader.page.in_sight(), sight);
    let seen = reader.view.seen();
    assert_eq!(reader.view.window(), Window::about(&seen, 500));
    assert!(reader.view.window().to < both.to);
    assert!(!reader.view.awaits_paint() && !reader.view.painted(&mut reader.page));
    // Back at the newest message its own rows are the window.
    reader.act(&Act::Scroll(4_500.0, true));
    reader.view.jump_to_newest();
    assert!(!reader.view.awaits_paint());
}

#[test]
fn rows_go_without_touching_a_scroll_even_one_nobody_has_heard_of() {
    let mut reader = Reader::new(&even(130), 600.0);
    reader.act(&Act::Paint);
    reader.act(&Act::Scroll(5_600.0, true));
    // Near the oldest message the browser would cut the scroll position off.
    assert_eq!(reader.view.window(), Window { from: 0, to: 130 });
    assert!(reader.view.awaits_paint());
    let (scroll, (name, top)) = (reader.page.scroll(), reader.page.in_sight()[0]);
    reader.act(&Act::Scroll(400.0, false));
    reader.act(&Act::Paint);
    assert!(reader.view.window().to < 130);
    let (stands, _) = reader.page.place_of(&key(name)).unwrap();
    assert!((stands - top - 400.0).abs() < 1.0, "{stands} after {top}");
    assert_eq!(reader.page.scroll(), scroll + 400.0);
}

#[test]
fn a_new_message_is_scrolled_to_unless_the_person_is_scrolling() {
    let mut reader = Reader::new(&even(100), 600.0);
    reader.act(&Act::Scroll(90.0, true));
    reader.act(&Act::Append(even(1)));
    assert!(reader.page.scroll() < 1.0);
    reader.act(&Act::Take);
    reader.act(&Act::Scroll(90.0, true));
    reader.act(&Act::Append(even(1)));
    assert!((reader.page.scroll() - 150.0).abs() < 1.0);
    // Letting go does not scroll by itself: only the next message does.
    reader.act(&Act::Release);
    assert!((reader.page.scroll() - 150.0).abs() < 1.0);
    reader.act(&Act::Append(even(1)));
    assert!(reader.page.scroll() < 1.0);
}

#[test]
fn held_on_to_the_newest_message_is_left_behind_by_what_arrives() {
    let mut reader = Reader::new(&even(100), 600.0);
    reader.act(&Act::Take);
    reader.act(&Act::Append(even(3)));
    assert!(reader.view.is_following());
    reader.act(&Act::Append(even(1)));
    reader.act(&Act::Release);
    assert!(!reader.view.is_following());
    reader.act(&Act::Append(even(1)));
    assert!((reader.page.scroll() - 300.0).abs() < 1.0);
}

#[test]
fn a_scroll_away_counts_though_rows_change_before_it_is_told() {
    for act in [Act::Append(even(1)), Act::Resize(500.0)] {
        let mut reader = Reader::new(&even(4_000), 600.0);
        reader.act(&Act::Paint);
        reader.act(&Act::Scroll(300_000.0, false));
        reader.act(&act);
        reader.scrolled();
        assert!(!reader.view.is_following());
        assert_eq!(reader.view.seen().start, 0, "{act:?}");
        assert!(!reader.page.in_sight().is_empty());
    }
    // But not to where a person has just gone by a button.
    let mut reader = Reader::new(&even(4_000), 600.0);
    reader.act(&Act::Scroll(1_000.0, true));
    reader.act(&Act::Scroll(1_000.0, false));
    reader.view.jump_to_newest();
    reader.page.render(reader.view.window());
    reader.settle();
    assert!(reader.page.scroll() < 1.0 && reader.view.is_following());
}

#[test]
fn small_steps_from_the_oldest_message_are_not_undone() {
    for pixel in [1.0, 0.8, 0.5] {
        let mut reader = Reader::on_screen(&vec![60.3; 300], 600.0, pixel);
        for _ in 0..20 {
            reader.act(&Act::Scroll(5_000.0, true));
        }
        let (end, (name, top)) = (reader.page.scroll(), reader.page.in_sight()[0]);
        assert!(end >= reader.page.reach() && top <= 0.0);
        for _ in 0..20 {
            reader.act(&Act::Scroll(-pixel, false));
            reader.act(&Act::Take);
        }
        let (now, _) = reader.page.place_of(&key(name)).unwrap();
        assert!((top - now - 20.0 * pixel).abs() < 1.0, "{now} after {top}");
    }
}

#[test]
fn a_page_up_into_rows_that_are_not_in_the_document_passes_none_of_them() {
    // Low rows, of which the margin is less than a page, among tall ones: no average is right.
    let mut heights = even(50);
    heights.splice(10..40, vec![10.0; 30]);
    let mut reader = Reader::new(&heights, 300.0);
    reader.act(&Act::Prepend(vec![10.0; 150]));
    for _ in 0..8 {
        let sight = reader.page.in_sight();
        reader.act(&Act::Scroll(290.0, true));
        let (name, top) = sight[0];
        let (now, _) = reader.page.place_of(&key(name)).unwrap();
        assert!((now - top - 290.0).abs() < 1.0, "{now} after {top}");
    }
}

#[test]
fn a_persons_scroll_ends_a_jump() {
    let mut reader = Reader::new(&even(1_000), 600.0);
    let name = reader.page.named(10);
    reader.view.jump(10, key(name), Place::Middle);
    reader.view.taken();
    reader.page.render(reader.view.window());
    reader.page.person_scrolls(30.0);
    reader.settle();
    assert!(!reader.view.is_jumping());
    // Where they were, by a row.
    assert!((reader.page.scroll() - 30.0).abs() <= 60.0);
}

#[test]
fn fractions_of_pixels_do_not_add_up() {
    let mut reader = Reader::new(&even(100), 600.0);
    reader.act(&Act::Scroll(600.0, true));
    let (name, top) = reader.page.in_sight()[3];
    for _ in 0..2_000 {
        reader.act(&Act::Append(vec![20.375]));
        if let Some((now, _)) = reader.page.place_of(&key(name)) {
            assert!((now - top).abs() < 1.0, "{now} instead of {top}");
        } else {
            panic!("the row in sight has left the document");
        }
    }
}

#[test]
fn a_hundred_thousand_rows_are_passed_both_ways_without_a_jerk() {
    let heights: Vec<f64> = (0..100_000_u32)
        .map(|n| 24.0 + f64::from(n * 7_919 % 97))
        .collect();
    let mut reader = Reader::new(&heights, 800.0);
    let mut slides = 0;
    for (by, times) in [(170.0, 300), (-170.0, 200), (3_000.0, 50), (-3_000.0, 30)] {
        for _ in 0..times {
            let before = reader.view.window();
            let sight = reader.page.in_sight();
            let scroll = reader.page.scroll();
            reader.act(&Act::Scroll(by, true));
            slides += u32::from(before != reader.view.window());
            let (name, top) = sight[sight.len() / 2];
            if by.abs() < 1_000.0
                && let Some((now, _)) = reader.page.place_of(&key(name))
            {
                assert!(
                    (now - top - by).abs() < 1.0,
                    "{now} instead of {}",
                    top + by
                );
                // Nothing but the person moved the scroll position.
                assert!((reader.page.scroll() - scroll - by).abs() < 1.0);
            }
            assert!(!reader.page.in_sight().is_empty());
        }
    }
    assert!((20..400).contains(&slides), "{slides} slides");
    reader.view.jump_to_newest();
    reader.page.render(reader.view.window());
    reader.settle();
    assert!(reader.page.scroll() < 1.0 && reader.view.is_following());
    let last = reader.page.named(99_999);
    assert!(reader.page.in_sight().iter().any(|(name, _)| *name == last));
}
