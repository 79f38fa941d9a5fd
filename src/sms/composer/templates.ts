import type { CodePurpose } from '../../common/code-purposes';

interface Template extends Readonly<Record<CodePurpose, string>> {
  readonly full: string;
  /** For long names, where extra lines leave little room, and for codes that work for less than a minute. */
  readonly short: string;
}

/**
 * The code stands alone, near the language's word for it: that is how phones recognise it. Digits are ASCII
 * in every script. The Latin texts except Vietnamese keep to the characters of GSM-7 (3GPP TS 23.038), of
 * which a message holds more: Spanish says `clave` and Portuguese `PIN`, as the ó of `código` is not one.
 * Where minutes have plural forms they are abbreviated.
 *
 * A code that logs nobody in says what it does instead, whatever the name and extra lines leave room for: it is worth a second segment.
 */
export const TEMPLATES = {
  en: {
    full: '{code} is your {app} login code. It works for {minutes} min. Do not share it.',
    short: '{app} code: {code}',
    mobile_change: '{code} is your {app} code to change your number. Do not share it.',
    deletion: '{code} is your {app} code to delete your account. Do not share it.',
  },
  'zh-CN': {
    full: '【{app}】验证码 {code}，{minutes}分钟内有效，请勿告知他人。',
    short: '【{app}】验证码 {code}',
    mobile_change: '【{app}】更换手机号验证码 {code}，请勿告知他人。',
    deletion: '【{app}】注销账号验证码 {code}，请勿告知他人。',
  },
  'zh-TW': {
    full: '【{app}】驗證碼 {code}，{minutes} 分鐘內有效，請勿告知他人。',
    short: '【{app}】驗證碼 {code}',
    mobile_change: '【{app}】更換手機號碼驗證碼 {code}，請勿告知他人。',
    deletion: '【{app}】刪除帳號驗證碼 {code}，請勿告知他人。',
  },
  ja: {
    full: '【{app}】認証コードは {code} です。{minutes}分間有効です。他人に教えないでください。',
    short: '【{app}】認証コード {code}',
    mobile_change: '【{app}】電話番号変更の認証コードは {code} です。他人に教えないでください。',
    deletion: '【{app}】アカウント削除の認証コードは {code} です。他人に教えないでください。',
  },
  ko: {
    full: '[{app}] 인증번호: {code}. {minutes}분간 유효합니다. 타인에게 알려주지 마세요.',
    short: '[{app}] 인증번호: {code}',
    mobile_change: '[{app}] 전화번호 변경 인증번호: {code}. 타인에게 알려주지 마세요.',
    deletion: '[{app}] 계정 삭제 인증번호: {code}. 타인에게 알려주지 마세요.',
  },
  es: {
    full: '{code} es tu clave temporal de {app}. Caduca en {minutes} min. No la compartas con nadie.',
    short: '{app}: clave {code}',
    mobile_change:
      '{code} es tu clave de {app} para cambiar de teléfono. No la compartas con nadie.',
    deletion: '{code} es tu clave de {app} para borrar tu cuenta. No la compartas con nadie.',
  },
  fr: {
    full: '{code} est votre code de connexion {app}. Il est valable {minutes} min. Ne le partagez pas.',
    short: '{app} : code {code}',
    mobile_change: '{code} est votre code {app} pour changer de numéro. Ne le partagez pas.',
    deletion: '{code} est votre code {app} pour supprimer votre compte. Ne le partagez pas.',
  },
  de: {
    full: '{code} ist Ihr Anmeldecode für {app}. Er ist {minutes} Min. gültig. Geben Sie ihn nicht weiter.',
    short: '{app}: Code {code}',
    mobile_change:
      '{code} ist Ihr Code für Ihre neue Nummer bei {app}. Geben Sie ihn nicht weiter.',
    deletion: '{code} ist Ihr Code zum Löschen Ihres Kontos bei {app}. Geben Sie ihn nicht weiter.',
  },
  'pt-BR': {
    full: '{code} é o seu PIN para entrar em {app}. Vale por {minutes} min. Nunca compartilhe este PIN.',
    short: '{app}: PIN {code}',
    mobile_change:
      '{code} é o seu PIN para trocar de celular em {app}. Nunca compartilhe este PIN.',
    deletion: '{code} é o seu PIN para excluir a conta em {app}. Nunca compartilhe este PIN.',
  },
  ru: {
    full: '{app}: код {code}. Никому его не сообщайте. Действует {minutes} мин.',
    short: '{app}: код {code}',
    mobile_change: '{app}: код {code} для смены номера. Никому его не сообщайте.',
    deletion: '{app}: код {code} для удаления аккаунта. Никому не сообщайте.',
  },
  ar: {
    full: 'رمز {app}: {code}. صالح لمدة {minutes} د. لا تشاركه مع أحد.',
    short: 'رمز {app}: {code}',
    mobile_change: 'رمز {app} لتغيير رقمك: {code}. لا تشاركه مع أحد.',
    deletion: 'رمز {app} لحذف حسابك: {code}. لا تشاركه مع أحد.',
  },
  hi: {
    full: '{code} आपका {app} लॉगिन कोड है। {minutes} मिनट तक मान्य। किसी को न बताएं।',
    short: '{app} कोड: {code}',
    mobile_change: '{code} आपका {app} नंबर बदलने का कोड है। किसी को न बताएं।',
    deletion: '{code} आपका {app} खाता हटाने का कोड है। किसी को न बताएं।',
  },
  id: {
    full: '{code} adalah kode masuk {app} Anda. Berlaku {minutes} menit. Jangan berikan kepada siapa pun.',
    short: '{app}: kode {code}',
    mobile_change:
      '{code} adalah kode {app} untuk mengganti nomor Anda. Jangan berikan kepada siapa pun.',
    deletion:
      '{code} adalah kode {app} untuk menghapus akun Anda. Jangan berikan kepada siapa pun.',
  },
  vi: {
    full: '{app}: mã xác thực {code}. Hiệu lực {minutes} phút. Không chia sẻ mã này.',
    short: '{app}: mã {code}',
    mobile_change: '{app}: mã đổi số điện thoại {code}. Không chia sẻ mã này.',
    deletion: '{app}: mã xóa tài khoản {code}. Không chia sẻ mã này.',
  },
  th: {
    full: '{app}: รหัสยืนยัน {code} ใช้ได้ {minutes} นาที ห้ามบอกรหัสนี้กับผู้อื่น',
    short: '{app}: รหัส {code}',
    mobile_change: '{app}: รหัสเปลี่ยนเบอร์โทร {code} ห้ามบอกรหัสนี้กับผู้อื่น',
    deletion: '{app}: รหัสลบบัญชี {code} ห้ามบอกรหัสนี้กับผู้อื่น',
  },
  tr: {
    full: '{app} kodunuz: {code}. Bu kod {minutes} dakika sonra sona erer. Kimseye vermeyin.',
    short: '{app} kodunuz: {code}',
    mobile_change: '{app} numara yenileme kodunuz: {code}. Kimseye vermeyin.',
    deletion: '{app} hesap silme kodunuz: {code}. Kimseye vermeyin.',
  },
} as const satisfies Record<string, Template>;

export type Locale = keyof typeof TEMPLATES;

export const LOCALES = Object.keys(TEMPLATES) as Locale[];
