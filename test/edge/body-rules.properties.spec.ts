import { ValidationPipe } from '@nestjs/common';
import * as fc from 'fast-check';
import { CodeLoginDto } from '../../src/auth/dto/code-login.dto';
import { CodeRequestDto } from '../../src/auth/dto/code-request.dto';
import { UndoDto } from '../../src/auth/dto/mobile-change.dto';
import { PasswordLoginDto } from '../../src/auth/dto/password-login.dto';
import { StepUpDto } from '../../src/auth/dto/step-up.dto';
import { bodyPipe } from '../../src/contract/body.pipe';
import { CompiledRules } from '../../src/contract/compiled-rules';
import { UpdateMeDto } from '../../src/users/update-me.dto';
import { FUZZ_SEED, FUZZES_FULLY } from '../support/scale';

const RUNS = { numRuns: FUZZES_FULLY ? 20_000 : 300, seed: FUZZ_SEED };
const DTOS = [CodeRequestDto, CodeLoginDto, PasswordLoginDto, StepUpDto, UpdateMeDto, UndoDto];

/** Nest's own pipe by the same rules. */
const nestPipe = new ValidationPipe({
  whitelist: true,
  forbidNonWhitelisted: true,
  transform: true,
});

const right = fc.record(
  {
    mobile: fc.constantFrom('+8613812345678', '138 1234 5678'),
    code: fc.constantFrom('123456', '12 34 56', '１２３４５６', 123456),
    locale: fc.constantFrom('zh-CN', 'en'),
    device_token: fc.constant('a'.repeat(40)),
    challenge: fc.constant('b'.repeat(40)),
    username: fc.constantFrom('li.wei', ' li.wei '),
    password: fc.constant('correct horse battery'),
    ticket: fc.constant('c'.repeat(40)),
    name: fc.constant('Li Wei'),
    birthday: fc.constant('1990-02-28'),
  },
  { requiredKeys: [] },
);
const anything = fc.oneof(
  fc.constantFrom(null, '', 'x'.repeat(600), '\ud800', true, 12345, {}, [], ['text']),
  fc.string(),
);
const wrong = fc.dictionary(
  fc.constantFrom('mobile', 'code', 'locale', 'username', 'name', 'birthday', 'admin'),
  anything,
  { maxKeys: 2 },
);

describe('the body of a request', () => {
  it('is judged as class-validator judges it, and becomes the same DTO', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...DTOS), right, wrong, async (dto, some, others) => {
        const body = { ...some, ...others };
        const rules = CompiledRules.of(dto)!;
        const expected = await judged(() => nestPipe.transform({ ...body }, bodyOf(dto)));
        expect(await judged(() => bodyPipe.transform({ ...body }, bodyOf(dto)))).toEqual(expected);
        const accepted = rules.accept(body);
        if (accepted) expect(accepted).toEqual(expected);
      }),
      RUNS,
    );
  });

  it.each(DTOS)('is judged by compiled rules: %p', (dto) => {
    const body = { mobile: '+8613812345678', code: '123456', password: 'correct horse battery' };
    const own = Object.entries(body).filter(([name]) => FIELDS.get(dto)!.includes(name));
    expect(CompiledRules.of(dto)!.accept(Object.fromEntries(own))).toBeInstanceOf(dto);
  });
});

/** What a right body of each has at least. */
const FIELDS = new Map<Function, readonly string[]>([
  [CodeRequestDto, ['mobile']],
  [CodeLoginDto, ['mobile', 'code']],
  [PasswordLoginDto, ['mobile', 'password']],
  [StepUpDto, ['password']],
  [UpdateMeDto, []],
  [UndoDto, ['mobile', 'password']],
]);

const bodyOf = (metatype: new () => object) => ({ type: 'body', metatype }) as const;

async function judged(judge: () => Promise<unknown>): Promise<unknown> {
  try {
    return await judge();
  } catch (error) {
    const { response } = error as { response: { message: string[] } };
    return response.message;
  }
}
