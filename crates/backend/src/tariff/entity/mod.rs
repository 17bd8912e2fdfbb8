//! Tables of this area.

pub mod calendar_day;
pub mod commodity;
pub mod commodity_unit;
pub mod commodity_word;
pub mod country;
pub mod duty_rate;
pub mod exchange_rate;
pub mod refdata;
pub mod unit;
