//! The colours of `style/tokens.css` against WCAG 2.2: 4.5:1 for text (1.4.3), 3:1 for the borders
//! of controls and the focus ring (1.4.11), in both themes.

use std::collections::HashMap;

const TOKENS: &str = include_str!("../../../style/tokens.css");

/// Tokens that are pairs of opaque colours: light, dark.
fn colours() -> HashMap<&'static str, [[u8; 3]; 2]> {
    TOKENS
        .lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(#")?;
            let (light, dark) = value.strip_suffix(");")?.split_once(", #")?;
            Some((name, [colour(light)?, colour(dark)?]))
        })
        .collect()
}

fn colour(hex: &str) -> Option<[u8; 3]> {
    let part = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    (hex.len() == 6).then_some(())?;
    Some([part(0)?, part(2)?, part(4)?])
}

/// Relative luminance as WCAG defines it.
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Fails with every pair that is too close.
fn check(fronts: &[&str], grounds: &[&str], least: f64) {
    let colours = colours();
    let mut poor = Vec::new();
    for front in fronts {
        for ground in grounds {
            for (theme, name) in ["light", "dark"].iter().enumerate() {
                let found = contrast(colours[front][theme], colours[ground][theme]);
                if found < least {
                    poor.push(format!("{name}: {front} on {ground} is {found:.2}, not {least}"));
                }
            }
        }
    }
    assert!(poor.is_empty(), "{}", poor.join("\n"));
}

const PLAIN: [&str; 4] = ["ground", "surface", "sunken", "raised"];
const SOFT: [&str; 4] = ["accent-soft", "danger-soft", "warning-soft", "success-soft"];

#[test]
fn the_measure_is_that_of_wcag() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast([0x76; 3], [255; 3]) - 4.54).abs() < 0.01);
}

#[test]
fn text_is_readable_everywhere() {
    let fronts = ["text", "muted", "link"];
    check(&fronts, &PLAIN, 4.5);
    check(&fronts, &SOFT, 4.5);
    check(&["accent", "danger", "warning"], &PLAIN, 4.5);
    check(&["accent"], &["accent-soft"], 4.5);
    check(&["danger", "warning"], &["danger-soft", "warning-soft"], 4.5);
    check(&["success"], &["success-soft"], 4.5);
}

#[test]
fn text_on_strong_colours_is_readable() {
    check(&["on-accent"], &["accent", "accent-strong"], 4.5);
    check(&["on-danger"], &["danger", "danger-line"], 4.5);
}

#[test]
fn borders_and_focus_are_seen() {
    check(&["line-strong", "focus", "danger-line", "warning-line", "success-line"], &PLAIN, 3.0);
    check(&["danger-line"], &["danger-soft"], 3.0);
    check(&["warning-line"], &["warning-soft"], 3.0);
}
