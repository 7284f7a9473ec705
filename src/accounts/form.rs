//! What may be typed when signing in and about oneself, and the sentence for each fault.

use chrono::TimeDelta;

use super::model::{Display, local_path};
use super::password::{self, Fault, MAX_LENGTH, MIN_LENGTH};
use crate::kit::phone;
use crate::platform::fields::Fields;
use crate::platform::form::Faults;

/// The same for an account that is not there and a password that is not right.
pub const WRONG: &str = "手机号或密码不对，再看一遍";
pub const WRONG_PASSWORD: &str = "密码不对，再输一遍";
pub const CODE_OVER: &str = "这个一次性口令已经过期，请管理员再给一个";
pub const NO_OFFICE: &str = "您的任职已经结束，不能再登录。有疑问请找本级团组织的管理员";
pub const NOT_SECURE: &str =
    "这个地址不是加密连接（https），浏览器不会记住登录。请用 https 开头的地址打开";
pub const NO_SUCH_APPOINTMENT: &str = "选一个任职";

/// 试得太多了，过 5 分钟再试.
pub fn too_many(wait: TimeDelta) -> String {
    let minutes = (wait.num_seconds() + 59) / 60;
    format!("试得太多了，过 {} 分钟再试", minutes.max(1))
}

#[derive(Clone, Debug, Default)]
pub struct LoginForm {
    pub phone: String,
    pub password: String,
    pub own_phone: bool,
    pub next: String,
}

/// Eleven digits, and what is to prove that it is their owner.
#[derive(Debug)]
pub struct Claim {
    pub phone: String,
    pub secret: String,
    pub own_phone: bool,
}

impl LoginForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            phone: fields.text("phone"),
            password: fields.text("password"),
            own_phone: fields.has("own_phone"),
            next: fields.text("next"),
        }
    }

    pub fn check(&self) -> Result<Claim, Faults> {
        let mut faults = Faults::default();
        let number = phone::normalise(&self.phone);
        if number.is_empty() {
            faults.add("phone", "填手机号");
        } else if !phone::is_mobile(&number) {
            faults.add("phone", "手机号是 11 位数字");
        }
        if let Err(sentence) = given(&self.password) {
            faults.add("password", sentence);
        }
        faults.or(Some(Claim {
            phone: number,
            secret: self.password.clone(),
            own_phone: self.own_phone,
        }))
    }
}

/// A password as it is to be compared: anything that can be one.
pub fn given(raw: &str) -> Result<&str, &'static str> {
    if raw.is_empty() {
        return Err("填密码");
    }
    if raw.chars().count() > MAX_LENGTH {
        return Err("密码最多 128 个字");
    }
    Ok(raw)
}

#[derive(Clone, Debug, Default)]
pub struct PasswordForm {
    pub old: String,
    pub new: String,
    pub again: String,
    pub next: String,
}

impl PasswordForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            old: fields.text("old"),
            new: fields.text("new"),
            again: fields.text("again"),
            next: fields.text("next"),
        }
    }

    /// `first`: after a one-time code there is no old password. `phone`: of the account, where the new
    /// password holds it.
    pub fn check(&self, first: bool, phone: Option<&str>) -> Result<(), Faults> {
        let mut faults = Faults::default();
        if !first && let Err(sentence) = given(&self.old) {
            faults.add("old", sentence);
        }
        if let Some(sentence) = refused(&self.new, phone) {
            faults.add("new", sentence);
        } else if !first && self.new == self.old {
            faults.add("new", "新密码和现在的一样，换一个");
        }
        if self.again != self.new {
            faults.add("again", "两次输入的不一样，再输一遍");
        }
        faults.or(Some(()))
    }
}

fn refused(new: &str, phone: Option<&str>) -> Option<String> {
    if new.is_empty() {
        return Some("填新密码".into());
    }
    // Neither can be typed again on another keyboard.
    if new.chars().any(|c| c.is_control() || c == '\u{fffd}') {
        return Some("密码里有看不见的字符，换一个".into());
    }
    let sentence = match password::check(new, phone.unwrap_or("")).err()? {
        Fault::Short => format!("密码至少 {MIN_LENGTH} 个字"),
        Fault::Long => format!("密码最多 {MAX_LENGTH} 个字"),
        Fault::Plain => "大写字母、小写字母、数字、符号，要有其中三种".into(),
        Fault::Phone => "密码里不能有自己的手机号".into(),
        Fault::Weak => "这个密码太多人用，容易被猜到，换一个".into(),
    };
    Some(sentence)
}

/// The eleven digits in a row within a password that might be a phone number.
pub fn numbers_in(password: &str) -> impl Iterator<Item = String> {
    let digits: Vec<char> = password.chars().filter(char::is_ascii_digit).collect();
    let windows: Vec<String> = digits.windows(11).map(|it| it.iter().collect()).collect();
    windows.into_iter().filter(|it| phone::is_mobile(it))
}

/// How pages look for oneself.
pub fn read_display(fields: &Fields) -> Result<(Display, bool), Faults> {
    let theme = Display::from_code(fields.get("theme"));
    let theme = theme.ok_or_else(|| Faults::one("theme", "选一种颜色"))?;
    Ok((theme, fields.has("large")))
}

/// Where a form leads afterwards; home when it names no address of ours.
pub fn next_or_home(next: &str) -> &str {
    local_path(next).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(phone: &str, password: &str) -> Result<Claim, Faults> {
        let form = LoginForm {
            phone: phone.into(),
            password: password.into(),
            ..LoginForm::default()
        };
        form.check()
    }

    fn fault(old: &str, new: &str, again: &str) -> Option<String> {
        let form = PasswordForm {
            old: old.into(),
            new: new.into(),
            again: again.into(),
            next: String::new(),
        };
        let faults = form.check(false, Some("19900000001")).err()?;
        faults.iter().next().map(|fault| fault.text.clone())
    }

    #[test]
    fn a_phone_is_read_as_people_write_it() {
        for phone in [
            "19900000001",
            "１９９ ００００ ０００１",
            "+86 199-0000-0001",
        ] {
            assert_eq!(login(phone, "x").unwrap().phone, "19900000001");
        }
        let of = |phone| {
            login(phone, "x")
                .unwrap_err()
                .of("phone")
                .unwrap()
                .to_owned()
        };
        assert_eq!(of(""), "填手机号");
        assert_eq!(of("  "), "填手机号");
        for other in [
            "123",
            "admin",
            "199\u{0}00000001",
            "05722030001",
            "<script>",
        ] {
            assert_eq!(of(other), "手机号是 11 位数字", "{other}");
        }
    }

    #[test]
    fn a_password_is_given_and_not_endless() {
        let of = |secret: &str| {
            login("19900000001", secret)
                .unwrap_err()
                .of("password")
                .map(str::to_owned)
        };
        assert_eq!(of("").as_deref(), Some("填密码"));
        assert_eq!(of(&"长".repeat(129)).as_deref(), Some("密码最多 128 个字"));
        assert!(
            login("19900000001", " a\0b").is_ok(),
            "wrong, but answered as such"
        );
    }

    #[test]
    fn each_rule_of_a_new_password_has_its_sentence() {
        let new = |new: &str| fault("Old-one-2026", new, new);
        let long = "Kx7#".repeat(40);
        let cases = [
            ("", "填新密码"),
            ("Kx7#mQ2v9", "密码至少 10 个字"),
            (long.as_str(), "密码最多 128 个字"),
            (
                "kxqmvwzrtbkx",
                "大写字母、小写字母、数字、符号，要有其中三种",
            ),
            ("Kx#199-0000-0001", "密码里不能有自己的手机号"),
            ("Password123!", "这个密码太多人用，容易被猜到，换一个"),
            ("Kx7#mQ2v9w\0", "密码里有看不见的字符，换一个"),
            ("Kx7#mQ2v9w\u{fffd}", "密码里有看不见的字符，换一个"),
            ("Old-one-2026", "新密码和现在的一样，换一个"),
        ];
        for (password, sentence) in cases {
            assert_eq!(new(password).as_deref(), Some(sentence), "{password}");
        }
        assert_eq!(new("夜访Qingting走了9户"), None);
        let differ = fault("Old-one-2026", "Kx7#mQ2v9w", "Kx7#mQ2v9W");
        assert_eq!(differ.as_deref(), Some("两次输入的不一样，再输一遍"));
        assert_eq!(
            fault("", "Kx7#mQ2v9w", "Kx7#mQ2v9w").as_deref(),
            Some("填密码")
        );
    }

    #[test]
    fn finds_numbers_however_they_are_dressed() {
        let found: Vec<String> = numbers_in("a199-0000 0001b2").collect();
        assert_eq!(found, ["19900000001"]);
        assert_eq!(numbers_in("Kx7#mQ2v9w").count(), 0);
    }

    #[test]
    fn says_how_long_in_whole_minutes() {
        let of = |seconds| too_many(TimeDelta::seconds(seconds));
        assert_eq!(of(1), "试得太多了，过 1 分钟再试");
        assert_eq!(of(60), "试得太多了，过 1 分钟再试");
        assert_eq!(of(61), "试得太多了，过 2 分钟再试");
        assert_eq!(of(900), "试得太多了，过 15 分钟再试");
    }
}
