import { Inject, Injectable } from '@nestjs/common';
import { NumberRefsService } from '../../audit/number-refs.service';
import { SendScreenService } from '../../codes/send-screen.service';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import type { E164 } from '../../common/phone-number';
import { isId } from '../../common/snowflake';
import type { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import type { Check } from './check';
import { HistoryService } from './history.service';
import type { Refused, SupportCase } from './support-case';
import type { Verdict } from './verdict';

/** The injection token of all checks, in the order of their verdicts. */
export const DIAGNOSIS_CHECKS = Symbol('DiagnosisChecks');

/** One of the three, and from where the person asks, if that is known. */
export interface Question {
  readonly numberRef?: string;
  readonly user?: string;
  readonly requestId?: string;
  readonly address?: string;
}

interface Found {
  readonly mobile?: E164;
  readonly user: User | null;
  readonly request?: Refused;
  readonly address?: string;
}

interface Seen extends Found {
  readonly seesLiveCodes: boolean;
}

/** Why somebody gets no code, or cannot log in: asked of the code that decides it, which changes nothing meanwhile. */
@Injectable()
export class DiagnosisService {
  constructor(
    @Inject(DIAGNOSIS_CHECKS) private readonly checks: readonly Check[],
    private readonly clock: Clock,
    private readonly history: HistoryService,
    private readonly numbers: NumberRefsService,
    private readonly screen: SendScreenService,
    private readonly users: UsersService,
  ) {}

  /**
   * @param seesLiveCodes whether who asks may know of a code that still works: viewers may not.
   * @throws ApiException `NOT_FOUND`.
   */
  async diagnose(question: Question, seesLiveCodes: boolean): Promise<Verdict[]> {
    return this.verdictsOn({ ...(await this.find(question)), seesLiveCodes }, question.address);
  }

  /** The same for who knows the number. */
  async diagnoseNumber(mobile: E164, address?: string): Promise<Verdict[]> {
    const user = await this.users.findByMobile(mobile);
    return this.verdictsOn({ mobile, user, seesLiveCodes: true }, address);
  }

  private async verdictsOn(found: Seen, address?: string): Promise<Verdict[]> {
    const about = await this.caseOf(found, address);
    return Promise.all(this.checks.map(async (check) => check.look(about)));
  }

  private async find({ numberRef, user: id, requestId }: Question): Promise<Found> {
    if (numberRef !== undefined) return this.byNumber(this.numbers.read(numberRef) ?? undefined);
    if (id !== undefined) return this.byUser(id);
    const known = await this.history.request(requestId ?? '');
    if (!known) throw new ApiException('NOT_FOUND');
    const { about, refused: request, address } = known;
    const user = about.userId ? await this.users.findById(about.userId) : null;
    const mobile = about.mobile ?? user?.mobile ?? undefined;
    const holder = user ?? (mobile ? await this.users.findByMobile(mobile) : null);
    return { mobile, user: holder, request, address };
  }

  private async byNumber(mobile: E164 | undefined): Promise<Found> {
    if (!mobile) throw new ApiException('NOT_FOUND');
    return { mobile, user: await this.users.findByMobile(mobile) };
  }

  private async byUser(id: string): Promise<Found> {
    const user = isId(id) ? await this.users.findById(id) : null;
    if (!user) throw new ApiException('NOT_FOUND');
    return { mobile: user.mobile ?? undefined, user };
  }

  private async caseOf(
    { mobile, user, request, address, seesLiveCodes }: Seen,
    given?: string,
  ): Promise<SupportCase> {
    const [refused, deliveries, keptBy] = await Promise.all([
      this.history.refusedTo({ mobile, userId: user?.id }),
      mobile ? this.history.messagesTo(mobile) : [],
      mobile && !user ? this.users.findChangeKeeping(mobile) : null,
    ]);
    // Of a network its first address: what is counted for broader ones is the same.
    const network = refused[0]?.network ?? deliveries[0]?.network;
    const from = given ?? address ?? network?.replace(/\/\d+$/, '') ?? '';
    return {
      now: this.clock.now(),
      mobile,
      user,
      keptBy,
      address: from,
      request,
      refused,
      deliveries,
      seesLiveCodes,
      outlook: mobile && (await this.screen.explain({ mobile, address: from })),
    };
  }
}
