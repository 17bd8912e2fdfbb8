//! How customs behaves, as set through the control interface.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// What to do with the next document instead of the usual review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Register a form without checking its content.
    Register,
    /// Answer with a list of errors whatever the content.
    Errors,
    /// Register and at once ask for explanations.
    Explain,
    /// Register and at once put under control.
    Control,
    /// Never answer.
    Silence,
}

/// Present behaviour. Not kept over a restart.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Mode {
    /// The exchange answers 503.
    pub(crate) down: bool,
    /// Delay of every HTTP answer of the exchange, milliseconds.
    pub(crate) delay_ms: u64,
    /// From accepting a document to the decision, milliseconds; the sandbox's speed when absent.
    pub(crate) review_ms: Option<u64>,
    /// Every answer is listed twice.
    pub(crate) duplicate: bool,
    /// Every answer waits for the next one and is listed after it.
    pub(crate) reorder: bool,
    /// So many next documents are accepted, but the sender gets 503 instead of the receipt.
    pub(crate) lose_receipts: u32,
    /// Orders for the next documents, in turn.
    pub(crate) next: VecDeque<Order>,
}

/// A change of [`Mode`]; what is absent stays.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModeChange {
    pub(crate) down: Option<bool>,
    pub(crate) delay_ms: Option<u64>,
    pub(crate) review_ms: Option<u64>,
    pub(crate) duplicate: Option<bool>,
    pub(crate) reorder: Option<bool>,
    pub(crate) lose_receipts: Option<u32>,
    pub(crate) next: Option<Orders>,
}

/// One order or several; `[]` forgets the orders given before.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Orders {
    One(Order),
    Many(VecDeque<Order>),
}

impl Mode {
    pub(super) fn apply(&mut self, change: ModeChange) {
        let ModeChange { down, delay_ms, review_ms, duplicate, reorder, lose_receipts, next } =
            change;
        self.down = down.unwrap_or(self.down);
        self.delay_ms = delay_ms.unwrap_or(self.delay_ms);
        self.review_ms = review_ms.or(self.review_ms);
        self.duplicate = duplicate.unwrap_or(self.duplicate);
        self.reorder = reorder.unwrap_or(self.reorder);
        self.lose_receipts = lose_receipts.unwrap_or(self.lose_receipts);
        match next {
            Some(Orders::One(order)) => self.next.push_back(order),
            Some(Orders::Many(orders)) => self.next = orders,
            None => {}
        }
    }
}
