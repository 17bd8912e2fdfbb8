use std::fmt::Debug;
use std::str::FromStr;

use proptest::prelude::*;

use super::*;
use crate::lang::Lang;

fn cause<T: FromStr<Err = IdError> + Debug>(text: &str) -> Cause {
    text.parse::<T>().unwrap_err().cause
}

fn accepts<T: FromStr<Err = IdError> + ToString>(text: &str) {
    match text.parse::<T>() {
        Ok(id) => assert_eq!(id.to_string(), text),
        Err(error) => panic!("{text}: {error}"),
    }
}

#[test]
fn published_examples_are_accepted() {
    accepts::<Inn>("7707083893");
    accepts::<Inn>("7730176610");
    accepts::<Inn>("165001234562");
    accepts::<Ogrn>("1027700132195");
    accepts::<Ogrnip>("304770000000008");
    accepts::<Snils>("112-233-445 95");
    accepts::<Kpp>("773601001");
    accepts::<Kpp>("7736AZ001");
    accepts::<Bik>("044525225");
    accepts::<KzBin>("010140001230");
    accepts::<TnVedCode>("8471300000");
    accepts::<RegNumber>("10803040/240524/0910135");
    accepts::<RegNumber>("10803040/240524/С910135");
    accepts::<RegNumber>("10803040/240524/7/02");
}

#[test]
fn separators_of_a_paste_are_passed_over() {
    assert_eq!("11223344595".parse::<Snils>().unwrap().to_string(), "112-233-445 95");
    assert_eq!(" 7707 083893 ".parse::<Inn>().unwrap().as_str(), "7707083893");
    assert_eq!("8471\u{a0}30 000 0".parse::<TnVedCode>().unwrap().as_str(), "8471300000");
}

#[test]
fn each_cause_is_told_apart() {
    assert_eq!(cause::<Inn>("770708389"), Cause::Length { expected: &[10, 12], found: 9 });
    assert_eq!(cause::<Inn>(""), Cause::Length { expected: &[10, 12], found: 0 });
    assert_eq!(cause::<Inn>("77О7083893"), Cause::Character { position: 3, found: 'О' });
    assert_eq!(cause::<Inn>("7707083894"), Cause::Checksum);
    assert_eq!(cause::<Inn>("0000000000"), Cause::Zeros);
    assert_eq!(cause::<Kpp>("773601O01"), Cause::Character { position: 7, found: 'O' });
    assert_eq!(cause::<Bik>("144525225"), Cause::Character { position: 1, found: '1' });
    assert_eq!(cause::<TnVedCode>("7701000000"), Cause::Character { position: 2, found: '7' });
    assert_eq!(cause::<TnVedCode>("98"), Cause::Length { expected: &[4, 6, 8, 10], found: 2 });
    assert_eq!(cause::<RegNumber>("10803040/310224/0910135"), Cause::Date);
    assert_eq!(cause::<RegNumber>("1080304/240524/1"), Cause::Length { expected: &[8], found: 7 });
    assert_eq!(
        cause::<RegNumber>("10803040/240524/09А0135"),
        Cause::Character { position: 19, found: 'А' }
    );
    assert!(matches!(cause::<RegNumber>("10803040/240524"), Cause::Length { found: 15, .. }));
}

#[test]
fn errors_say_what_is_wrong_and_what_would_be_right() {
    let error = "7707083894".parse::<Inn>().unwrap_err();
    assert!(error.text(Lang::Ru).starts_with("ИНН: контрольное число не сходится"));
    assert!(error.right(Lang::Ru).contains("10 цифр у организации"));
    assert!(error.text(Lang::En).contains("check digits"));
    let error = "77".parse::<Inn>().unwrap_err();
    assert_eq!(error.what(Lang::Ru), "ИНН: введено знаков 2, а должно быть 10 или 12");
}

#[test]
fn accounts_are_checked_against_their_bank() {
    let check = |account: &str, bik: &str| {
        account.parse::<BankAccount>().unwrap().check(&bik.parse().unwrap()).map_err(|e| e.cause)
    };
    assert_eq!(check("30101810400000000225", "044525225"), Ok(()));
    assert_eq!(check("40102810045370000002", "024501901"), Ok(()));
    assert_eq!(check("03100643000000019502", "024501901"), Ok(()));
    assert_eq!(check("30101810400000000226", "044525225"), Err(Cause::Checksum));
}

#[test]
fn parts_of_customs_numbers_are_given() {
    let number: RegNumber = "10803040/240526/С910135/02".parse().unwrap();
    let date = chrono::NaiveDate::from_ymd_opt(2026, 5, 24).unwrap();
    assert_eq!((number.customs_code(), number.date()), ("10803040", date));
    assert_eq!((number.number(), number.addition()), ("С910135", Some("02")));
    let made = RegNumber::new("10803040", date, "С910135").unwrap();
    assert_eq!(made.to_string(), "10803040/240526/С910135");
    assert_eq!(made.addition(), None);

    let code: TnVedCode = "84713000".parse().unwrap();
    assert_eq!((code.chapter(), code.heading(), code.subheading()), ("84", "8471", Some("847130")));
    assert!(!code.is_full());
    assert_eq!(
        "8471300000".parse::<TnVedCode>().unwrap().grouped(),
        "8471\u{a0}30\u{a0}000\u{a0}0"
    );
}

#[test]
fn a_foreign_person_has_letters_in_the_unp() {
    // 10·29 + 0·23 for «AA», then zeros and a one: (290 + 3) mod 11 = 7.
    let unp: Unp = "AA0000017".parse().unwrap();
    assert!(unp.is_person());
    assert_eq!(cause::<Unp>("A10000017"), Cause::Character { position: 2, found: '1' });
    assert_eq!(cause::<Unp>("AA0000016"), Cause::Checksum);
}

#[test]
fn a_person_of_kazakhstan_has_a_date() {
    let with_check = |body: &str| {
        (0..10).map(|d| format!("{body}{d}")).find_map(|text| text.parse::<KzIin>().ok())
    };
    assert!(with_check("85022830012").is_some());
    assert!(with_check("85023130012").is_none());
    assert!(with_check("00022930012").is_none(), "1900 was no leap year");
    assert!(with_check("00022950012").is_some());
}

#[test]
fn wrong_numbers_are_refused_by_serde_too() {
    assert_eq!(
        serde_json::to_string(&"11223344595".parse::<Snils>().unwrap()).unwrap(),
        "\"11223344595\""
    );
    assert!(serde_json::from_str::<Snils>("\"112-233-445 95\"").is_ok());
    assert!(serde_json::from_str::<Snils>("\"112-233-445 96\"").is_err());
}

/// Written straight from the rules of domain.md §9, apart from the code under test.
mod rule {
    fn values(digits: &str) -> impl Iterator<Item = u64> {
        digits.bytes().map(|b| u64::from(b - b'0'))
    }

    pub fn sum(digits: &str, weights: &[u64]) -> u64 {
        values(digits).zip(weights).map(|(d, w)| d * w).sum()
    }

    pub fn inn10(body: &str) -> String {
        format!("{body}{}", sum(body, &[2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10)
    }

    pub fn inn12(body: &str) -> String {
        let first = sum(body, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10;
        let body = format!("{body}{first}");
        format!("{body}{}", sum(&body, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10)
    }

    pub fn ogrn(body: &str, modulus: u64) -> String {
        format!("{body}{}", body.parse::<u64>().unwrap() % modulus % 10)
    }

    pub fn snils(body: &str) -> String {
        let check = match sum(body, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) {
            small @ 0..100 => small,
            100 | 101 => 0,
            big => match big % 101 {
                100 => 0,
                rest => rest,
            },
        };
        format!("{body}{check:02}")
    }

    /// `None` when the body is never issued.
    pub fn unp(body: &str) -> Option<String> {
        let check = sum(body, &[29, 23, 19, 17, 13, 7, 5, 3]) % 11;
        (check < 10).then(|| format!("{body}{check}"))
    }

    /// `None` when the body is never issued.
    pub fn kazakhstan(body: &str) -> Option<String> {
        let first = sum(body, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
        let check = match first {
            10 => sum(body, &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11,
            check => check,
        };
        (check < 10).then(|| format!("{body}{check}"))
    }

    /// The key of an account is its ninth digit.
    pub fn account(body: &str, key: &str) -> String {
        let whole = format!("{key}{}0{}", &body[..8], &body[8..]);
        let weights: Vec<u64> = [7, 1, 3].into_iter().cycle().take(23).collect();
        let sum: u64 = values(&whole).zip(weights).map(|(d, w)| d * w % 10).sum();
        format!("{}{}{}", &body[..8], sum % 10 * 3 % 10, &body[8..])
    }
}

/// Changes the digit at `index` to another.
fn flipped(number: &str, index: usize, by: u8) -> String {
    let mut bytes = number.as_bytes().to_vec();
    let index = index % bytes.len();
    bytes[index] = b'0' + (bytes[index] - b'0' + 1 + by % 9) % 10;
    String::from_utf8(bytes).unwrap()
}

/// Changes the last digit, which every rule of one check digit notices.
fn last_flipped(number: &str, by: u8) -> String {
    flipped(number, number.len() - 1, by)
}

proptest! {
    #[test]
    fn right_check_digits_are_accepted_and_wrong_ones_refused(
        body in "[1-9][0-9]{13}", by in 0u8..9
    ) {
        let inn10 = rule::inn10(&body[..9]);
        let inn12 = rule::inn12(&body[..10]);
        let ogrn = rule::ogrn(&body[..12], 11);
        let ogrnip = rule::ogrn(&body, 13);
        let snils = rule::snils(&body[..9]);
        prop_assert!(!inn10.parse::<Inn>().unwrap().is_person());
        prop_assert!(inn12.parse::<Inn>().unwrap().is_person());
        prop_assert!(ogrn.parse::<Ogrn>().is_ok() && ogrnip.parse::<Ogrnip>().is_ok());
        prop_assert_eq!(snils.parse::<Snils>().unwrap().digits().to_owned(), snils.clone());
        prop_assert_eq!(cause::<Inn>(&last_flipped(&inn10, by)), Cause::Checksum);
        prop_assert_eq!(cause::<Inn>(&last_flipped(&inn12, by)), Cause::Checksum);
        prop_assert_eq!(cause::<Ogrn>(&last_flipped(&ogrn, by)), Cause::Checksum);
        prop_assert_eq!(cause::<Ogrnip>(&last_flipped(&ogrnip, by)), Cause::Checksum);
        prop_assert_eq!(cause::<Snils>(&last_flipped(&snils, by)), Cause::Checksum);
    }

    /// Weights below 101 that differ by less than 101: any single wrong digit of a SNILS moves
    /// the sum by less than 101, so it is noticed unless both sums give the check number 00.
    #[test]
    fn any_wrong_digit_of_a_snils_is_noticed(body in "[1-9][0-9]{8}", at in 0usize..9, by in 0u8..9) {
        let right = rule::snils(&body);
        let wrong = flipped(&right, at, by);
        prop_assume!(right[9..] != *"00" && wrong[..9] > *"001001998");
        prop_assert_eq!(cause::<Snils>(&wrong), Cause::Checksum);
    }

    #[test]
    fn neighbours_are_checked(body in "[1-9][0-9]{7}", by in 0u8..9) {
        if let Some(unp) = rule::unp(&body) {
            prop_assert!(!unp.parse::<Unp>().unwrap().is_person());
            prop_assert_eq!(cause::<Unp>(&last_flipped(&unp, by)), Cause::Checksum);
            // All weights are prime to eleven, so any wrong digit moves the rest.
            prop_assert_eq!(cause::<Unp>(&flipped(&unp, usize::from(by) % 8, by)), Cause::Checksum);
        }
    }

    #[test]
    fn kazakhstan_is_checked(
        year in 0u32..100, month in 1u32..=12, tail in "[3-6][0-9]{4}", day in 1u32..=28, by in 0u8..9
    ) {
        if let Some(bin) = rule::kazakhstan(&format!("{year:02}{month:02}40{tail}")) {
            prop_assert!(bin.parse::<KzBin>().is_ok());
            prop_assert_eq!(cause::<KzBin>(&last_flipped(&bin, by)), Cause::Checksum);
        }
        if let Some(iin) = rule::kazakhstan(&format!("{year:02}{month:02}{day:02}{tail}")) {
            prop_assert!(iin.parse::<KzIin>().is_ok());
            prop_assert_eq!(cause::<KzIin>(&last_flipped(&iin, by)), Cause::Checksum);
        }
        if let Some(wrong) = rule::kazakhstan(&format!("{year:02}{:02}40{tail}", month + 12)) {
            prop_assert_eq!(cause::<KzBin>(&wrong), Cause::Date);
        }
    }

    #[test]
    fn account_keys_agree_with_the_bank(
        bik in "04[0-9]{4}(0[1-9][0-9]|[1-9][0-9]{2})", body in "40[78][0-9]{16}", at in 0usize..20, by in 0u8..9
    ) {
        let bik: Bik = bik.parse().unwrap();
        let account = rule::account(&body, &bik.as_str()[6..]);
        prop_assert_eq!(account.parse::<BankAccount>().unwrap().check(&bik), Ok(()));
        // Weights 7, 1, 3 are prime to ten: any wrong digit is noticed (the first three keep the
        // account an ordinary one).
        let wrong: BankAccount = flipped(&account, at.max(3), by).parse().unwrap();
        prop_assert_eq!(wrong.check(&bik).map_err(|e| e.cause), Err(Cause::Checksum));
    }

    #[test]
    fn registration_numbers_read_back(
        office in "[0-9]{8}", days in 0u64..36_500, number in "[0-9А-ЯA-Z][0-9]{0,6}"
    ) {
        let start = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
        let date = start + chrono::Days::new(days);
        let made = RegNumber::new(&office, date, &number).unwrap();
        prop_assert_eq!((made.customs_code(), made.date(), made.number()), (&*office, date, &*number));
        prop_assert_eq!(made.to_string().parse(), Ok(made));
    }

    #[test]
    fn commodity_codes_need_a_chapter(code in "[0-9]{10}") {
        let chapter: u8 = code[..2].parse().unwrap();
        let exists = (1..=97).contains(&chapter) && chapter != 77;
        prop_assert_eq!(code.parse::<TnVedCode>().is_ok(), exists);
    }

    #[test]
    fn numbers_without_a_check_digit_need_their_length(digits in "[1-9][0-9]{0,20}") {
        prop_assert_eq!(digits.parse::<KgInn>().is_ok(), digits.len() == 14);
        prop_assert_eq!(digits.parse::<AmUnn>().is_ok(), digits.len() == 8);
        prop_assert_eq!(digits.parse::<BankAccount>().is_ok(), digits.len() == 20);
        prop_assert_eq!(digits.parse::<Kpp>().is_ok(), digits.len() == 9);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,30}|[0-9/ A-ZА-Я-]{0,30}") {
        let _ = (text.parse::<Inn>(), text.parse::<Kpp>(), text.parse::<Ogrn>());
        let _ = (text.parse::<Ogrnip>(), text.parse::<Snils>(), text.parse::<TnVedCode>());
        let _ = (text.parse::<Bik>(), text.parse::<BankAccount>(), text.parse::<Unp>());
        let _ = (text.parse::<KzBin>(), text.parse::<KzIin>(), text.parse::<KgInn>());
        let _ = (text.parse::<AmUnn>(), text.parse::<RegNumber>());
    }
}
