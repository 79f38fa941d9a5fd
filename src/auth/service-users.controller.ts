import { Get, Param, UseGuards } from '@nestjs/common';
import { ApiBasicAuth, ApiTags, Operation } from '../contract/docs';
import { ApiException } from '../common/errors';
import { isId } from '../common/snowflake';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors } from '../contract/api-errors.decorator';
import { UsersService } from '../users/users.service';
import { ServiceUserDto } from './dto/service-user.dto';
import { Public } from './public.decorator';
import { NeedsScope, ServiceClientGuard } from './service-client.guard';

/** Users as other services know them, which authenticate as one of `SERVICE_CLIENTS`. */
@ApiTags('services')
@ApiBasicAuth('service-client')
@ApiErrors('INVALID_CLIENT', 'FORBIDDEN', 'UNAVAILABLE')
@Public()
@NeedsScope('users')
@UseGuards(ServiceClientGuard)
@ApiController('auth/users')
export class ServiceUsersController {
  constructor(private readonly users: UsersService) {}

  @Operation(
    'What may be shown of the user of a token, disabled ones included.',
    200,
    ServiceUserDto,
  )
  @Get(':id')
  // The router refuses what is longer than any id.
  @ApiErrors('NOT_FOUND', 'REQUEST_REFUSED')
  async read(@Param('id') id: string): Promise<ServiceUserDto> {
    if (!isId(id)) throw new ApiException('NOT_FOUND');
    return ServiceUserDto.of(...(await this.users.findWithProfile(id, 'NOT_FOUND')));
  }
}
