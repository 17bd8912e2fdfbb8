//! The printable form as PDF: graphs with their numbers, goods one under another, and the stamp of
//! the signature.

use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, Stroke},
    surface::Surface,
    text::{Font, TextDirection},
};
use ttf_parser::Face;

use super::print::{Line, Printout};

/// PT Sans, SIL Open Font License 1.1.
const REGULAR: &[u8] = include_bytes!("../../assets/fonts/PTSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../assets/fonts/PTSans-Bold.ttf");

// A4 in points, and where things stand on it.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 42.0;
const GRAPH: f32 = 34.0;
const LABEL: f32 = 190.0;
const SIZE: f32 = 9.0;
const LEADING: f32 = 12.0;
const GAP: f32 = 4.0;

/// Lays a printout out on A4 pages.
///
/// # Errors
/// The fonts that are built in cannot be read, or the library refuses the document.
pub fn pdf(printout: &Printout) -> Result<Vec<u8>, String> {
    let fonts = Fonts::load().ok_or("the built-in fonts cannot be read")?;
    let pages = paginate(printout, &fonts);
    let count = pages.len();
    let mut document = Document::new();
    for (index, page) in (1..).zip(&pages) {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or("the page has no size")?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for mark in page {
            fonts.draw(&mut surface, mark);
        }
        let footer = format!("{} · стр. {index} из {count}", printout.footer);
        fonts.draw(&mut surface, &Mark::text(MARGIN, HEIGHT - 24.0, 7.5, false, footer));
        surface.finish();
        sheet.finish();
    }
    document.set_metadata(
        Metadata::new().title(printout.title.clone()).language(printout.lang.tag().to_owned()),
    );
    document.finish().map_err(|error| format!("{error:?}"))
}

/// Something to be drawn on a page.
enum Mark {
    Text { x: f32, y: f32, size: f32, bold: bool, text: String },
    Rule { y: f32 },
    Frame { x: f32, y: f32, width: f32, height: f32 },
}

impl Mark {
    fn text(x: f32, y: f32, size: f32, bold: bool, text: String) -> Self {
        Self::Text { x, y, size, bold, text }
    }
}

struct Fonts {
    regular: Font,
    bold: Font,
    regular_face: Face<'static>,
    bold_face: Face<'static>,
}

impl Fonts {
    fn load() -> Option<Self> {
        Some(Self {
            regular: Font::new(REGULAR.to_vec().into(), 0)?,
            bold: Font::new(BOLD.to_vec().into(), 0)?,
            regular_face: Face::parse(REGULAR, 0).ok()?,
            bold_face: Face::parse(BOLD, 0).ok()?,
        })
    }

    /// Width of a text, points.
    fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        let face = if bold { &self.bold_face } else { &self.regular_face };
        let scale = size / f32::from(face.units_per_em());
        text.chars()
            .map(|character| {
                let glyph = face.glyph_index(character).unwrap_or_default();
                f32::from(face.glyph_hor_advance(glyph).unwrap_or_default()) * scale
            })
            .sum()
    }

    /// Breaks a text between words, and inside a word that no line could hold.
    fn wrap(&self, text: &str, size: f32, bold: bool, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for word in paragraph.split_whitespace() {
                let joined =
                    if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
                if self.width(&joined, size, bold) <= width {
                    line = joined;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                for character in word.chars() {
                    line.push(character);
                    if self.width(&line, size, bold) > width && line.chars().count() > 1 {
                        line.pop();
                        lines.push(std::mem::take(&mut line));
                        line.push(character);
                    }
                }
            }
            lines.push(line);
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    fn draw(&self, surface: &mut Surface<'_>, mark: &Mark) {
        let ink = rgb::Color::new(20, 28, 38);
        match mark {
            Mark::Text { x, y, size, bold, text } => {
                surface.set_stroke(None);
                surface.set_fill(Some(Fill {
                    paint: ink.into(),
                    opacity: NormalizedF32::ONE,
                    rule: Default::default(),
                }));
                let font = if *bold { self.bold.clone() } else { self.regular.clone() };
                let start = Point::from_xy(*x, *y);
                surface.draw_text(start, font, *size, text, false, TextDirection::LeftToRight);
            }
            Mark::Rule { y } => {
                let mut path = PathBuilder::new();
                path.move_to(MARGIN, *y);
                path.line_to(WIDTH - MARGIN, *y);
                self.outline(surface, path, 0.4);
            }
            Mark::Frame { x, y, width, height } => {
                let mut path = PathBuilder::new();
                path.move_to(*x, *y);
                path.line_to(x + width, *y);
                path.line_to(x + width, y + height);
                path.line_to(*x, y + height);
                path.close();
                self.outline(surface, path, 1.0);
            }
        }
    }

    fn outline(&self, surface: &mut Surface<'_>, path: PathBuilder, width: f32) {
        let Some(path) = path.finish() else { return };
        surface.set_fill(None);
        surface.set_stroke(Some(Stroke {
            paint: rgb::Color::new(90, 105, 120).into(),
            width,
            ..Default::default()
        }));
        surface.draw_path(&path);
    }
}

/// Fills pages from the top; a row never splits unless it is longer than a page.
struct Flow<'a> {
    fonts: &'a Fonts,
    pages: Vec<Vec<Mark>>,
    y: f32,
}

impl Flow<'_> {
    fn room(&mut self, height: f32) {
        if self.y + height > HEIGHT - MARGIN && self.y > MARGIN {
            self.pages.push(Vec::new());
            self.y = MARGIN;
        }
    }

    fn put(&mut self, mark: Mark) {
        match self.pages.last_mut() {
            Some(page) => page.push(mark),
            None => self.pages.push(vec![mark]),
        }
    }

    fn heading(&mut self, text: &str, size: f32) {
        let lines = self.fonts.wrap(text, size, true, WIDTH - 2.0 * MARGIN);
        let leading = size * 1.3;
        // A heading never stands alone at the foot of a page.
        let lines_height: f32 = lines.iter().map(|_| leading).sum();
        self.room(lines_height + 3.0 * LEADING);
        self.y += GAP;
        for line in lines {
            self.y += leading;
            self.put(Mark::text(MARGIN, self.y, size, true, line));
        }
        self.y += GAP;
    }

    fn row(&mut self, line: &Line) {
        let value_x = MARGIN + GRAPH + LABEL;
        let labels = self.fonts.wrap(&line.label, SIZE, false, LABEL - 8.0);
        let values = self.fonts.wrap(&line.value, SIZE, true, WIDTH - MARGIN - value_x);
        let rows = labels.len().max(values.len());
        let whole: f32 = (0..rows).map(|_| LEADING).sum();
        self.room(whole.min(HEIGHT - 3.0 * MARGIN) + GAP);
        self.put(Mark::Rule { y: self.y });
        let graph = line.graph.clone();
        for index in 0..rows {
            self.room(LEADING);
            self.y += LEADING;
            if index == 0 {
                self.put(Mark::text(MARGIN, self.y - 2.0, SIZE, false, graph.clone()));
            }
            if let Some(label) = labels.get(index) {
                let x = MARGIN + GRAPH;
                self.put(Mark::text(x, self.y - 2.0, SIZE, false, label.clone()));
            }
            if let Some(value) = values.get(index) {
                self.put(Mark::text(value_x, self.y - 2.0, SIZE, true, value.clone()));
            }
        }
        self.y += GAP / 2.0;
    }

    fn stamp(&mut self, lines: &[String]) {
        let width = 300.0;
        let wrapped: Vec<_> =
            lines.iter().flat_map(|line| self.fonts.wrap(line, 8.0, false, width - 20.0)).collect();
        let height: f32 = wrapped.iter().map(|_| 11.0_f32).sum::<f32>() + 14.0;
        self.room(height + 20.0);
        self.y += 16.0;
        self.put(Mark::Frame { x: MARGIN, y: self.y, width, height });
        let mut y = self.y + 6.0;
        for (index, line) in wrapped.into_iter().enumerate() {
            y += 11.0;
            self.put(Mark::text(MARGIN + 10.0, y, 8.0, index == 0, line));
        }
        self.y += height;
    }
}

fn paginate(printout: &Printout, fonts: &Fonts) -> Vec<Vec<Mark>> {
    let mut flow = Flow { fonts, pages: vec![Vec::new()], y: MARGIN };
    flow.heading(&printout.title, 13.0);
    for section in &printout.sections {
        flow.heading(&section.title, 10.5);
        for line in &section.lines {
            flow.row(line);
        }
    }
    if !printout.stamp.is_empty() {
        flow.stamp(&printout.stamp);
    }
    flow.pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statform::print::Section;

    #[test]
    fn long_texts_wrap_and_pages_turn() {
        let line = Line {
            graph: "12".to_owned(),
            label: "Описание товара".to_owned(),
            value: format!("{} {}", "слово ".repeat(60), "Щ".repeat(400)),
        };
        let printout = Printout {
            title: "Статистическая форма".to_owned(),
            sections: vec![Section { title: "Товары".to_owned(), lines: vec![line; 40] }],
            stamp: vec!["Документ подписан".to_owned()],
            footer: "10702000/201126/С000017".to_owned(),
            lang: domain::lang::Lang::Ru,
        };
        let fonts = Fonts::load().unwrap();
        let pages = paginate(&printout, &fonts);
        assert!(pages.len() > 3, "{} pages", pages.len());
        for mark in pages.iter().flatten() {
            if let Mark::Text { x, y, size, bold, text } = mark {
                assert!(*y <= HEIGHT - MARGIN + LEADING, "{text} at {y}");
                assert!(x + fonts.width(text, *size, *bold) <= WIDTH - MARGIN + 1.0, "{text}");
            }
        }
        let bytes = pdf(&printout).unwrap();
        assert!(bytes.starts_with(b"%PDF-1."));
    }
}
